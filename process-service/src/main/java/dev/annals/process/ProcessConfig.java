package dev.annals.process;

import dev.annals.engine.reacting.ReactingConfig;
import dev.annals.service.Domains;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.service.StartupException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Settings of the service.
 *
 * @param service what every service has
 * @param reacting the limits of reacting
 * @param beginnings for which events a process is there that begins now, by its name
 */
record ProcessConfig(ServiceConfig service, ReactingConfig reacting, Map<String, Beginning> beginnings) {

    static final int DEFAULT_PORT = 8083;

    /** With the name of the process after it: {@code now} or {@code first}. Looked at when it begins, never again. */
    private static final String FROM = "annals.process.from.";

    enum Beginning {
        /** For all that there are, from the first on. */
        FIRST,
        /** For those that come after it has begun. */
        NOW
    }

    /** Since when events are a process's own that begins now, by its name. */
    Map<String, Instant> beginnings(Instant now) {
        Map<String, Instant> times = new HashMap<>();
        beginnings.forEach((process, beginning) -> times.put(
                process,
                switch (beginning) {
                    case FIRST -> Instant.EPOCH;
                    case NOW -> now;
                }));
        return times;
    }

    /** @throws StartupException if a setting is wrong; the message names its key */
    static ProcessConfig of(Settings settings, Domains domains) {
        ReactingConfig defaults = ReactingConfig.DEFAULT;
        Map<String, Beginning> beginnings = new HashMap<>();
        domains.processes().forEach(process -> beginnings.put(process.name(), beginning(settings, process.name())));
        return new ProcessConfig(
                ServiceConfig.of(settings, DEFAULT_PORT),
                new ReactingConfig(
                        settings.integer(
                                ReactingConfig.MAX_RECORD_BYTES_KEY, defaults.maxRecordBytes(), 1_000, 1 << 30),
                        settings.integer(ReactingConfig.MAX_EFFECTS_KEY, defaults.maxEffects(), 1, 100_000),
                        settings.integer(ReactingConfig.MAX_WAITING_KEY, defaults.maxWaiting(), 1, 100_000),
                        settings.integer(ReactingConfig.MAX_HOPS_KEY, defaults.maxHops(), 1, 1_000_000)),
                beginnings);
    }

    private static Beginning beginning(Settings settings, String process) {
        String text = settings.text(FROM + process, "now");
        return switch (text) {
            case "now" -> Beginning.NOW;
            case "first" -> Beginning.FIRST;
            default -> throw new StartupException("%s%s=%s: expected now or first".formatted(FROM, process, text));
        };
    }
}
