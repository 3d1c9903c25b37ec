package dev.annals.cli;

import dev.annals.operations.ServiceClient;
import dev.annals.quickstart.Part;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Address of the command service. */
final class CommandAddress {

    @Option(
            names = "--command-url",
            paramLabel = "URL",
            description = "Command service (default: ANNALS_COMMAND_URL, or that of the installation)")
    private @Nullable URI url;

    ServiceClient client(Target target) {
        String address =
                target.address(Part.COMMANDS, new Target.Given("--command-url URL", url, "ANNALS_COMMAND_URL"));
        return new ServiceClient(Part.COMMANDS.title(), URI.create(address));
    }
}
