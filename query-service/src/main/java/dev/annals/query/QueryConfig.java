package dev.annals.query;

import dev.annals.service.Advertised;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;

/** What the query service needs to know. */
record QueryConfig(ServiceConfig service, Advertised advertised) {

    static final int DEFAULT_PORT = 8081;

    /** {@code host:port}. */
    static final String ADVERTISED = "annals.query.advertised";

    static QueryConfig of(Settings settings) {
        ServiceConfig service = ServiceConfig.of(settings, DEFAULT_PORT);
        QueryConfig config = new QueryConfig(service, Advertised.of(settings, ADVERTISED, service));
        settings.refuseUnknown("annals.command.", "annals.projector.");
        return config;
    }
}
