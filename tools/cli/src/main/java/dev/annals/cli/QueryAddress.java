package dev.annals.cli;

import dev.annals.operations.ServiceClient;
import dev.annals.quickstart.Part;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Address of the query service, and who asks it. */
final class QueryAddress {

    @Option(
            names = "--query-url",
            order = Action.SERVICE,
            paramLabel = "URL",
            description = "Query service (default: ANNALS_QUERY_URL, or that of the installation)")
    private @Nullable URI url;

    @Mixin
    private final CredentialOptions credentials = new CredentialOptions();

    ServiceClient client(Target target) {
        String address = target.address(Part.QUERIES, new Target.Given("--query-url URL", url, "ANNALS_QUERY_URL"));
        return new ServiceClient(Part.QUERIES.title(), URI.create(address), credentials.read(target));
    }
}
