package dev.annals.projector.views;

import dev.annals.engine.projecting.ViewFailedException;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.service.kafka.Stops;
import dev.annals.service.views.ViewRegistry;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The stops of one generation: events that it can't fold. It is stopped wherever it is folded, so all instances say the
 * same.
 */
record ViewStops(ViewId view, ViewRegistry registry, InstantSource clock) implements Stops {

    @Override
    public boolean take(Throwable failure) {
        ViewFailedException failed = ViewFailedException.in(failure);
        if (failed != null) {
            registry.tell(failed.stop(clock.instant()));
        }
        return failed != null;
    }

    @Override
    public @Nullable String reason() {
        Stop stop = registry.stop(view);
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
