package dev.annals.engine.projecting;

import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.viewregistry.Skip;
import dev.annals.engine.viewregistry.ViewId;
import org.jspecify.annotations.Nullable;

/**
 * What people do to a view from outside: records that it is to pass over, whether it still stands before one, and
 * offsets that they have set back. Asked and told by the tasks' threads: thread-safe.
 */
public interface Skips {

    /** Nobody said so of any. */
    Skips NONE = new Skips() {
        @Override
        public @Nullable Skip of(ViewId view, RecordPlace place) {
            return null;
        }

        @Override
        public boolean isStopped(ViewId view) {
            return false;
        }

        @Override
        public void passedOver(Skip skip) {
            throw new IllegalStateException("nothing is to be passed over, but " + skip + " was");
        }
    };

    /** Why a view passes over a record, null if it doesn't. Asked before each record is folded. */
    @Nullable
    Skip of(ViewId view, RecordPlace place);

    /** Whether a view stands before a record that it can't fold. Asked after each record. */
    boolean isStopped(ViewId view);

    /** A record has been passed over; its transaction may still abort, and then it is passed over again. */
    void passedOver(Skip skip);

    /**
     * A record came that the view's stores have folded already, so somebody has set back the offsets of its group; it
     * changes nothing. Told for each such record, by the tasks' threads.
     */
    default void offsetReset(ViewId view, RecordPlace place) {}
}
