package dev.annals.cli;

import dev.annals.operations.ServiceClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals list}: a page of a view. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description = "Reads a page of rows of a view, in the order of their keys.")
final class ListCommand implements Callable<Integer> {

    private static final int DEFAULT_LIMIT = 50;

    @Mixin
    private Target target = new Target();

    @Mixin
    private QueryAddress queries = new QueryAddress();

    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", paramLabel = "VIEW", description = "For instance customer-orders")
    private String view = "";

    @Option(
            names = "--filter",
            paramLabel = "FIELD=VALUE",
            description = "Only rows with this value; which fields filter is in the query service's /openapi.json")
    private Map<String, String> filters = new LinkedHashMap<>();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_LIMIT,
            description = "The most rows, up to 1000 (default: ${DEFAULT-VALUE})")
    private int limit = DEFAULT_LIMIT;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "The nextCursor of the page before")
    private @Nullable String cursor;

    @Override
    public Integer call() {
        Map<String, String> parameters = new LinkedHashMap<>(filters);
        parameters.put("limit", Integer.toString(limit));
        if (cursor != null) {
            parameters.put("cursor", cursor);
        }
        output.answer(queries.client(target).get(ServiceClient.query(ServiceClient.path("v1", view), parameters)));
        return 0;
    }
}
