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
    Skips NONE = new Skips() {};

    /** Why a view passes over a record, null if it doesn't. Asked before each record is folded. */
    default @Nullable Skip of(ViewId view, RecordPlace place) {
        return null;
    }

    /** Whether a view stands before a record that it can't fold. Asked after each record. */
    default boolean isStopped(ViewId view) {
        return false;
    }

    /** A record has been passed over; its transaction may still abort, and then it is passed over again. */
    default void passedOver(Skip skip) {}

    /**
     * A record came that the view's stores have folded already, so somebody has set back the offsets of its group; it
     * changes nothing. Told for each such record, by the tasks' threads.
     */
    default void offsetReset(ViewId view, RecordPlace place) {}
}
