package dev.annals.checker.history;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.deciding.CommandResult.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client was told. */
public sealed interface Answer {

    /** A result, over whichever channel. */
    record Decided(
            Outcome outcome,
            long version,
            List<AppendedEvent> events,
            @Nullable String code,
            @Nullable String message,
            boolean replayed)
            implements Answer {

        public Decided {
            events = List.copyOf(events);
        }

        public static Decided of(CommandResult result) {
            return new Decided(
                    result.outcome(),
                    result.version(),
                    result.events(),
                    result.code(),
                    result.message(),
                    result.replayed());
        }
    }

    /**
     * Nobody can tell whether the command took effect or will: a timeout, a lost connection, a 202 or a 503.
     *
     * @param reason for people
     */
    record Unknown(String reason) implements Answer {}

    /**
     * The service said that it did not take the command.
     *
     * @param status of HTTP
     */
    record Refused(int status, String body) implements Answer {}
}
