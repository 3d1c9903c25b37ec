package dev.annals.cli.client;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the query service answers. */
public final class QueryAddress {

    @Option(
            names = "--query-url",
            paramLabel = "URL",
            description = "Query service (default: ANNALS_QUERY_URL, or that of `annals up`)")
    private @Nullable URI url;

    public ServiceClient client() {
        URI address = url != null
                ? url
                : URI.create(
                        Local.or("ANNALS_QUERY_URL", Local.http(Local.ports().queries())));
        return new ServiceClient("query service", address);
    }
}
