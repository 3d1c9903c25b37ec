package dev.annals.benchmarks.load;

import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generations;
import dev.annals.service.views.ViewRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A view that is built anew beside its live generation, which is dropped when the new one has taken its place. */
final class Replay {

    private static final Duration LIMIT = Duration.ofMinutes(20);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);

    private Replay() {}

    /**
     * Replays a view.
     *
     * @return until the new generation was live
     * @throws LoadException if it is not within 20 minutes
     */
    static Duration of(String view, ViewRegistry views) throws Exception {
        long start = System.nanoTime();
        Generation before = Objects.requireNonNull(views.generations().live(view));
        views.edit(notes -> {
            Generations all = notes.generations();
            return List.of(all.next(view, before.code(), Map.of(), Instant.now()));
        });
        Measurement.await("the new rows", LIMIT, LOOK_EVERY, () -> {
            Generation live = views.generations().live(view);
            return live != null && !live.view().equals(before.view());
        });
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        views.edit(notes -> notes.generations().dropped(view, Instant.now()));
        return took;
    }
}
