package dev.annals.api;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a {@link ProcessManager} wants done, as data. The host does it exactly once. */
public sealed interface Effect {

    /**
     * Send a command. Its id is {@code <process>/<instance>/<n>}, n counting the commands of the instance from 1, so it
     * takes effect once; its outcome comes back as {@link Input.Answered}.
     *
     * @param aggregateId to whom; the command's class says of which type
     * @param command a record of one of {@link ProcessManager#commands}
     * @param expectedVersion of the aggregate; null for any
     */
    record Send(
            String aggregateId, Object command, @Nullable Long expectedVersion) implements Effect {

        public Send {
            Objects.requireNonNull(aggregateId, "aggregateId");
            Objects.requireNonNull(command, "command");
        }

        /** To an aggregate of any version. */
        public Send(String aggregateId, Object command) {
            this(aggregateId, command, null);
        }
    }

    /**
     * Set a timer: {@link Input.Due} comes at that time, or at once where it has passed. Another timer of the same name
     * is replaced.
     *
     * @param timer a name of the author's choice, 1 to 100 characters
     */
    record At(String timer, Instant time) implements Effect {

        public At {
            Objects.requireNonNull(timer, "timer");
            Objects.requireNonNull(time, "time");
        }
    }

    /** Forget a timer; nothing if there is none of this name. */
    record Cancel(String timer) implements Effect {

        public Cancel {
            Objects.requireNonNull(timer, "timer");
        }
    }

    /** The instance has ended: its timers are forgotten, and whatever still comes for it is passed over. */
    record End() implements Effect {}
}
