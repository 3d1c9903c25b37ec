package dev.annals.engine.viewregistry;

import dev.annals.engine.viewregistry.Generation.Status;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * All generations of all views at one moment, and the transitions between their {@linkplain Status states}. These are
 * pure: they say what is to be written, and nothing where a generation is not as expected any more. Written through a
 * {@link RegistryWriter}, so that none is lost.
 */
public record Generations(List<Generation> all) {

    public Generations {
        all = all.stream()
                .sorted(Comparator.comparing((Generation each) -> each.view().name())
                        .thenComparingInt(each -> each.view().generation()))
                .toList();
    }

    /** Of one view, the oldest first. */
    public List<Generation> of(String view) {
        return all.stream().filter(each -> each.view().name().equals(view)).toList();
    }

    /** What readers of a view get; null if it has none yet. */
    public @Nullable Generation live(String view) {
        return newest(view, Status.LIVE::equals);
    }

    /** What is to become the live one; null if nothing is. */
    public @Nullable Generation coming(String view) {
        return newest(view, Status::isComing);
    }

    private @Nullable Generation newest(String view, Predicate<Status> which) {
        return of(view).stream()
                .filter(each -> which.test(each.status()))
                .reduce((older, newer) -> newer)
                .orElse(null);
    }

    public @Nullable Generation get(ViewId view) {
        return all.stream().filter(each -> each.view().equals(view)).findFirst().orElse(null);
    }

    /** Whether a generation is to be folded now: not a live one whose successor takes over. */
    public boolean isFolded(Generation one) {
        Generation coming = coming(one.view().name());
        boolean standsStill = one.status() == Status.LIVE && coming != null && coming.status() == Status.TAKING_OVER;
        return one.status().isFolded() && !standsStill;
    }

    /**
     * A new generation of a view, beside all others.
     *
     * @param from where it begins to read; empty for the first event
     */
    public Generation next(String view, ViewCode code, Map<TopicPartition, Long> from, Instant now) {
        int last = of(view).stream()
                .mapToInt(each -> each.view().generation())
                .max()
                .orElse(0);
        return new Generation(new ViewId(view, last + 1), code, Status.BUILDING, from, now);
    }

    /** One has caught up: without a live one it is that at once, else the live one has to stand still first. */
    public List<Generation> caughtUp(ViewId id, Instant now) {
        return changed(id, Status.BUILDING, live(id.name()) == null ? Status.LIVE : Status.TAKING_OVER, now);
    }

    /** It can't take over yet: the live one is folded on. */
    public List<Generation> gaveWay(ViewId id, Instant now) {
        return changed(id, Status.TAKING_OVER, Status.BUILDING, now);
    }

    /** One takes the place of the live one, which stands still and is nowhere ahead of it. */
    public List<Generation> tookOver(ViewId id, Instant now) {
        List<Generation> next = changed(id, Status.TAKING_OVER, Status.LIVE, now);
        Generation live = live(id.name());
        return next.isEmpty() || live == null ? next : List.of(live.now(Status.REPLACED, now), next.getFirst());
    }

    /** All that was kept for one has been deleted. */
    public List<Generation> gone(ViewId id, Instant now) {
        return changed(id, Status.REMOVED, Status.GONE, now);
    }

    private List<Generation> changed(ViewId id, Status from, Status to, Instant now) {
        Generation one = get(id);
        return one == null || one.status() != from ? List.of() : List.of(one.now(to, now));
    }

    /** Those of a view that were replaced are no longer kept. */
    public List<Generation> dropped(String view, Instant now) {
        return removed(view, Status.REPLACED::equals, now);
    }

    /** What was to become the live one is given up. */
    public List<Generation> cancelled(String view, Instant now) {
        return removed(view, Status::isComing, now);
    }

    private List<Generation> removed(String view, Predicate<Status> which, Instant now) {
        return of(view).stream()
                .filter(each -> which.test(each.status()))
                .map(each -> each.now(Status.REMOVED, now))
                .toList();
    }
}
