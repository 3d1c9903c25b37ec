package dev.annals.command;

import dev.annals.command.retention.Retention;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.ActorTrust;
import dev.annals.engine.deciding.DecidingConfig;
import dev.annals.service.Advertised;
import dev.annals.service.AuthSettings;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import dev.annals.service.TopicSettings;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;

/**
 * @param service what every service has
 * @param deciding the limits of deciding
 * @param lanes of an aggregate type that has none yet: so many instances can decide its commands at most
 * @param statesInterval between two publications of states that have changed
 * @param maxInFlight the most commands sent over HTTP whose results are awaited; more are refused with 429
 * @param defaultWait how long a request waits for its result where it doesn't say
 * @param retentionInterval between two scans for events that are older than their type keeps them
 * @param advertised where other instances reach this one
 */
record CommandConfig(
        ServiceConfig service,
        DecidingConfig deciding,
        int lanes,
        Duration statesInterval,
        int maxInFlight,
        Duration defaultWait,
        Duration retentionInterval,
        Advertised advertised) {

    static final int DEFAULT_PORT = 8080;

    /** The longest wait that a request can ask for with {@code Prefer: wait}. */
    static final Duration MAX_WAIT = Duration.ofSeconds(30);

    /** {@code host:port}. */
    private static final String ADVERTISED = "annals.command.advertised";

    private static final String LANES_KEY = "annals.command.lanes";
    private static final String STATES_INTERVAL = "annals.command.states.interval";

    private static final String MAX_IN_FLIGHT_KEY = "annals.command.max.in.flight";
    private static final String WAIT_KEY = "annals.command.wait.seconds";

    /** See {@link Retention}. */
    private static final String RETENTION_INTERVAL = "annals.command.expiry.interval";

    /** Two busy ones are enough to overlap commits on one instance. */
    private static final int DEFAULT_LANES = 2;

    private static final int MAX_LANES = 1_000;

    private static final int MAX_MAX_IN_FLIGHT = 100_000;

    static CommandConfig of(Settings settings) {
        DecidingConfig defaults = DecidingConfig.DEFAULT;
        Advertised advertised = Advertised.of(settings, ADVERTISED);
        ServiceConfig service = ServiceConfig.of(settings, DEFAULT_PORT, advertised.host());
        try {
            return new CommandConfig(
                    service,
                    new DecidingConfig(
                            duration(settings, DecidingConfig.RETENTION_KEY, defaults.retention()),
                            settings.integer(DecidingConfig.MAX_EVENTS_KEY, defaults.maxEvents(), 1, 1_000_000),
                            settings.integer(
                                    DecidingConfig.MAX_RECORD_BYTES_KEY, defaults.maxRecordBytes(), 1_000, 1 << 30),
                            trust(service.auth())),
                    settings.integer(LANES_KEY, DEFAULT_LANES, 1, MAX_LANES),
                    interval(settings, STATES_INTERVAL, Duration.ofMinutes(1), "each time all that changed is written"),
                    settings.integer(MAX_IN_FLIGHT_KEY, 2_000, 1, MAX_MAX_IN_FLIGHT),
                    Duration.ofSeconds(settings.integer(WAIT_KEY, 10, 0, (int) MAX_WAIT.toSeconds())),
                    interval(settings, RETENTION_INTERVAL, Duration.ofHours(1), "all events are read each time"),
                    advertised);
        } catch (IllegalArgumentException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    private static ActorTrust trust(AuthSettings auth) {
        return auth.mode() != AuthSettings.Mode.OIDC
                ? ActorTrust.UNVERIFIED
                : auth.trustsTopics() ? ActorTrust.TOPICS : ActorTrust.CALLERS;
    }

    private static Duration interval(Settings settings, String key, Duration otherwise, String why) {
        Duration interval = duration(settings, key, otherwise);
        if (interval.compareTo(Duration.ofSeconds(1)) < 0) {
            throw new StartupException("%s=%s: expected PT1S or more: %s".formatted(key, interval, why));
        }
        return interval;
    }

    /** Of the types that keep their events for a time only. */
    static List<Retention> retentions(Settings settings, List<AggregateBinding<?, ?, ?>> types) {
        List<Retention> retentions = new ArrayList<>();
        for (AggregateBinding<?, ?, ?> type : types) {
            String key = Retention.KEY + type.type().name();
            if (settings.text(key) != null) {
                if (TopicSettings.of(settings)
                        .uncompacted()
                        .contains(type.type().name())) {
                    throw new StartupException(
                            "%s and %s can't both be had for %s: events leave by tombstones, which take nothing from a topic without compaction"
                                    .formatted(
                                            key,
                                            TopicSettings.UNCOMPACTED,
                                            type.type().name()));
                }
                retentions.add(new Retention(type, duration(settings, key, Duration.ZERO)));
            }
        }
        return retentions;
    }

    private static Duration duration(Settings settings, String key, Duration otherwise) {
        String text = settings.text(key, otherwise.toString());
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new StartupException("%s=%s: expected an ISO-8601 duration such as PT24H".formatted(key, text), e);
        }
    }
}
