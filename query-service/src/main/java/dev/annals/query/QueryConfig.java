package dev.annals.query;

import dev.annals.service.Advertised;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;

/**
 * What the query service needs to know.
 *
 * @param liveReaders how many may read a whole type or view live at the same time
 * @param snapshotEvery so many events of a stream, its state is kept for questions about the past; 0: never
 */
record QueryConfig(ServiceConfig service, Advertised advertised, int liveReaders, int snapshotEvery) {

    static final int DEFAULT_PORT = 8081;

    /** {@code host:port}. */
    static final String ADVERTISED = "annals.query.advertised";

    /** Each has a Kafka consumer and a thread. */
    static final String LIVE_READERS = "annals.query.live.readers";

    /** Each is a record in a compacted topic and in a store. */
    static final String SNAPSHOT_EVERY = "annals.query.snapshot.every";

    private static final int DEFAULT_LIVE_READERS = 50;
    private static final int MAX_LIVE_READERS = 1_000;
    private static final int NO_SNAPSHOTS = 0;
    private static final int MAX_SNAPSHOT_EVERY = 1_000_000;

    static QueryConfig of(Settings settings) {
        Advertised advertised = Advertised.of(settings, ADVERTISED);
        QueryConfig config = new QueryConfig(
                ServiceConfig.of(settings, DEFAULT_PORT, advertised.host()),
                advertised,
                settings.integer(LIVE_READERS, DEFAULT_LIVE_READERS, 0, MAX_LIVE_READERS),
                settings.integer(SNAPSHOT_EVERY, NO_SNAPSHOTS, 0, MAX_SNAPSHOT_EVERY));
        settings.refuseUnknown("annals.command.", "annals.projector.", "annals.process.", "annals.console.");
        return config;
    }
}
