package dev.annals.cli;

import dev.annals.operations.ServiceClient;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code annals get}: one row of a view. */
@Command(name = "get", description = "Reads one row of a view.")
final class GetCommand extends QueryCommand {

    @Parameters(index = "0", paramLabel = "VIEW", description = "For instance orders; `annals views` lists them")
    private String view = "";

    @Parameters(index = "1", paramLabel = "KEY", description = "The row's key: of an aggregate's view, its id")
    private String key = "";

    @Option(
            names = "--min-version",
            paramLabel = "VERSION",
            description = "Wait until the row has this version: read your writes")
    private @Nullable Long minVersion;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "How long to wait for --min-version (default: ${DEFAULT-VALUE})")
    private int timeout;

    @Override
    public void run() {
        Map<String, String> parameters = new LinkedHashMap<>();
        Duration wait = Duration.ZERO;
        if (minVersion != null) {
            parameters.put("min_version", minVersion.toString());
            parameters.put("timeout", Integer.toString(timeout));
            wait = Duration.ofSeconds(timeout);
        }
        print(ServiceClient.path("v1", view, key), parameters, wait);
    }
}
