package dev.annals.command;

import dev.annals.core.deciding.DecidingConfig;
import dev.annals.service.Advertised;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import java.time.Duration;
import java.time.format.DateTimeParseException;

/**
 * The command service's settings.
 *
 * @param service what every service has
 * @param deciding the limits of deciding
 * @param maxInFlight the most commands sent over HTTP whose results are awaited; more are refused with 429
 * @param defaultWait how long a request waits for its result where it doesn't say
 * @param advertised where other instances reach this one
 */
record CommandConfig(
        ServiceConfig service, DecidingConfig deciding, int maxInFlight, Duration defaultWait, Advertised advertised) {

    static final int DEFAULT_PORT = 8080;

    /** The longest wait that a request can ask for with {@code Prefer: wait}. */
    static final Duration MAX_WAIT = Duration.ofSeconds(30);

    /** {@code host:port}. */
    private static final String ADVERTISED = "annals.command.advertised";

    private static final String MAX_IN_FLIGHT_KEY = "annals.command.max.in.flight";
    private static final String WAIT_KEY = "annals.command.wait.seconds";
    private static final int MAX_MAX_IN_FLIGHT = 100_000;

    static CommandConfig of(Settings settings) {
        DecidingConfig defaults = DecidingConfig.DEFAULT;
        ServiceConfig service = ServiceConfig.of(settings, DEFAULT_PORT);
        try {
            return new CommandConfig(
                    service,
                    new DecidingConfig(
                            duration(settings, DecidingConfig.RETENTION_KEY, defaults.retention()),
                            settings.integer(DecidingConfig.MAX_EVENTS_KEY, defaults.maxEvents(), 1, 1_000_000),
                            settings.integer(
                                    DecidingConfig.MAX_RECORD_BYTES_KEY, defaults.maxRecordBytes(), 1_000, 1 << 30),
                            defaults.evictionInterval(),
                            defaults.evictionBatch(),
                            store(settings, defaults.storeType())),
                    settings.integer(MAX_IN_FLIGHT_KEY, 2_000, 1, MAX_MAX_IN_FLIGHT),
                    Duration.ofSeconds(settings.integer(WAIT_KEY, 10, 0, (int) MAX_WAIT.toSeconds())),
                    Advertised.of(settings, ADVERTISED, service));
        } catch (IllegalArgumentException e) {
            throw new StartupException(String.valueOf(e.getMessage()), e);
        }
    }

    private static Duration duration(Settings settings, String key, Duration otherwise) {
        String text = settings.text(key, otherwise.toString());
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new StartupException("%s=%s: expected an ISO-8601 duration such as PT24H".formatted(key, text), e);
        }
    }

    private static DecidingConfig.StoreType store(Settings settings, DecidingConfig.StoreType otherwise) {
        return switch (settings.text(DecidingConfig.STORE_KEY, "")) {
            case "" -> otherwise;
            case "rocksdb" -> DecidingConfig.StoreType.ROCKSDB;
            case "memory" -> DecidingConfig.StoreType.MEMORY;
            default ->
                throw new StartupException(DecidingConfig.STORE_KEY + "=" + settings.text(DecidingConfig.STORE_KEY)
                        + ": expected rocksdb or memory");
        };
    }
}
