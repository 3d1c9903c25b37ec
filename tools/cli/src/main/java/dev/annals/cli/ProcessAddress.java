package dev.annals.cli;

import dev.annals.operations.ServiceClient;
import dev.annals.quickstart.Part;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Address of the process service, and who asks it. */
final class ProcessAddress {

    @Option(
            names = "--process-url",
            order = Action.SERVICE,
            paramLabel = "URL",
            description = "Process service (default: ANNALS_PROCESS_URL, or that of the installation)")
    private @Nullable URI url;

    @Mixin
    private final CredentialOptions credentials = new CredentialOptions();

    ServiceClient client(Target target) {
        String address =
                target.address(Part.PROCESSES, new Target.Given("--process-url URL", url, "ANNALS_PROCESS_URL"));
        return new ServiceClient(Part.PROCESSES.title(), URI.create(address), credentials.read(target));
    }
}
