package dev.annals.cli;

import dev.annals.operations.ServiceClient;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals history}: the events of an aggregate. */
@Command(name = "history", description = "Reads the events of an aggregate, in order.")
final class HistoryCommand extends QueryCommand {

    @Parameters(index = "0", paramLabel = "TYPE", description = "Aggregate type, for instance orders")
    private String type = "";

    @Parameters(index = "1", paramLabel = "ID", description = "Aggregate id")
    private String id = "";

    @Option(
            names = "--from",
            paramLabel = "VERSION",
            description = "The version to begin with (default: the first, or with --newest-first the last)")
    private @Nullable Long from;

    @Option(names = "--newest-first", description = "From the last version down")
    private boolean newestFirst;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "100",
            description = "The most events, up to 1000 (default: ${DEFAULT-VALUE})")
    private int limit;

    @Override
    public void run() {
        Map<String, String> parameters = new TreeMap<>(Map.of("limit", Integer.toString(limit)));
        if (from != null) {
            parameters.put("from", from.toString());
        }
        if (newestFirst) {
            parameters.put("order", "desc");
        }
        print(ServiceClient.path("v1", type, id, "events"), parameters);
    }
}
