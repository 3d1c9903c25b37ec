package dev.annals.cli;

import dev.annals.operations.ServiceClient;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals list}: a page of a view. */
@Command(name = "list", description = "Reads a page of rows of a view, in the order of their keys.")
final class ListCommand extends QueryCommand {

    @Parameters(index = "0", paramLabel = "VIEW", description = "For instance customer-orders")
    private String view = "";

    @Option(
            names = "--filter",
            paramLabel = "FIELD=VALUE",
            description = "Only rows with this value, or in a range (10..20, 10.. or ..20, ends included); which fields"
                    + " filter, and which take ranges, is in the query service's /openapi.json")
    private Map<String, String> filters = new LinkedHashMap<>();

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "The most rows, up to 1000 (default: ${DEFAULT-VALUE})")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", description = "The nextCursor of the page before")
    private @Nullable String cursor;

    @Override
    public void run() {
        Map<String, String> parameters = new LinkedHashMap<>(filters);
        parameters.put("limit", Integer.toString(limit));
        if (cursor != null) {
            parameters.put("cursor", cursor);
        }
        print(ServiceClient.path("v1", view), parameters);
    }
}
