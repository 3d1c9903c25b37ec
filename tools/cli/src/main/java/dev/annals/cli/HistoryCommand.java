package dev.annals.cli;

import dev.annals.operations.ServiceClient;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals history}: the events of an aggregate. */
@Command(name = "history", mixinStandardHelpOptions = true, description = "Reads the events of an aggregate, in order.")
final class HistoryCommand implements Callable<Integer> {

    private static final int DEFAULT_LIMIT = 100;

    @Mixin
    private Target target = new Target();

    @Mixin
    private QueryAddress queries = new QueryAddress();

    @Mixin
    private Output output = new Output();

    @Parameters(index = "0", paramLabel = "TYPE", description = "Aggregate type, for instance orders")
    private String type = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Aggregate id")
    private String id = "";

    @Option(
            names = "--from",
            paramLabel = "VERSION",
            defaultValue = "1",
            description = "The first version (default: ${DEFAULT-VALUE})")
    private long from = 1;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_LIMIT,
            description = "The most events, up to 1000 (default: ${DEFAULT-VALUE})")
    private int limit = DEFAULT_LIMIT;

    @Override
    public Integer call() {
        Map<String, String> parameters =
                new TreeMap<>(Map.of("from", Long.toString(from), "limit", Integer.toString(limit)));
        output.answer(queries.client(target)
                .get(ServiceClient.query(ServiceClient.path("v1", type, id, "events"), parameters)));
        return 0;
    }
}
