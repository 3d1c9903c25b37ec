package dev.annals.command;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names of commands that this instance has taken: of those whose results nobody has seen here they are pending, for
 * a time. Thread-safe.
 */
final class PendingCommands {

    /** A command whose result has not come by then is no longer known as pending. */
    static final Duration FORGOTTEN_AFTER = Duration.ofSeconds(60);

    private static final int MAX_COMMANDS = 100_000;

    private final InstantSource clock;
    private final Map<String, Instant> since = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
            return size() > MAX_COMMANDS || isOld(eldest.getValue());
        }
    };

    PendingCommands(InstantSource clock) {
        this.clock = clock;
    }

    private boolean isOld(Instant time) {
        return time.isBefore(clock.instant().minus(FORGOTTEN_AFTER));
    }

    synchronized void add(String name) {
        since.put(name, clock.instant());
    }

    /** Its result is known, or it was not taken. */
    synchronized void remove(String name) {
        since.remove(name);
    }

    synchronized boolean contains(String name) {
        Instant time = since.get(name);
        return time != null && !isOld(time);
    }
}
