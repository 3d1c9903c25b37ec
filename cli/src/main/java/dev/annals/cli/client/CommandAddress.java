package dev.annals.cli.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the command service answers. */
final class CommandAddress {

    @Option(
            names = "--command-url",
            paramLabel = "URL",
            description = "Command service (default: ANNALS_COMMAND_URL, or that of `annals up`)")
    private @Nullable URI url;

    ServiceClient client() {
        URI address = url != null
                ? url
                : URI.create(
                        Local.or("ANNALS_COMMAND_URL", Local.http(Local.ports().commands())));
        return new ServiceClient("command service", address);
    }
}
