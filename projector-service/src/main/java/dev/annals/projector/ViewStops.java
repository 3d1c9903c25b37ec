package dev.annals.projector;

import dev.annals.engine.notes.Stop;
import dev.annals.engine.notes.ViewId;
import dev.annals.engine.projecting.ViewFailedException;
import dev.annals.service.kafka.Stops;
import dev.annals.service.views.ViewBoard;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** What stops one view: events that it can't fold. It is stopped wherever it is folded, so all instances say the same. */
record ViewStops(ViewId view, ViewBoard board, InstantSource clock) implements Stops {

    @Override
    public boolean take(Throwable failure) {
        ViewFailedException failed = ViewFailedException.in(failure);
        if (failed != null) {
            board.tell(failed.stop(clock.instant()));
        }
        return failed != null;
    }

    @Override
    public @Nullable String reason() {
        Stop stop = board.stop(view);
        return stop == null
                ? null
                : "%s, key %s, since %s: %s"
                        .formatted(
                                stop.place(),
                                stop.recordKey() == null ? "none" : "'" + stop.recordKey() + "'",
                                stop.since(),
                                stop.reason());
    }
}
