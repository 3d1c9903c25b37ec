package dev.annals.engine.folding;

import dev.annals.api.Decider;
import dev.annals.api.MissingEvents;
import dev.annals.api.Summary;
import dev.annals.api.View;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of folding a stream of events: each version counts once and the next one follows the last, so a gap and an
 * erased event are refused unless the author says that the fold can do without them; a summary begins the fold anew,
 * whatever is missing before it. Immutable.
 *
 * @param author the class of the decider or view, which says what is done about missing events
 * @param beginsAnywhere whether a stream's first event here may be any of its events: the fold begins in the middle of
 *     the topic
 */
public record StreamFold(Class<?> author, MissingEvents missingEvents, boolean beginsAnywhere) {

    public static StreamFold of(Decider<?, ?, ?> decider) {
        return new StreamFold(decider.getClass(), decider.missingEvents(), false);
    }

    public static StreamFold of(View<?, ?> view, boolean beginsAnywhere) {
        return new StreamFold(view.getClass(), view.missingEvents(), beginsAnywhere);
    }

    /**
     * Whether what is folded up to a version has an event already, which then changes nothing.
     *
     * @param folded the version of the last event; 0 before the first
     */
    public static boolean isFolded(long folded, long version) {
        return version <= folded;
    }

    /**
     * Why an event can't be folded next.
     *
     * @param folded the version of the last event; 0 before the first
     * @param version of the event, above {@code folded}
     * @param events what the event means today; null if it has been erased, and then the value stays as it is
     * @return for people; null if the event is folded, and the value has its version then
     */
    public @Nullable String refusal(
            String type, String aggregateId, long folded, long version, @Nullable List<?> events) {
        boolean follows =
                version == folded + 1 || (beginsAnywhere && folded == 0) || (events != null && Summary.begins(events));
        if (!follows) {
            return refusal("events %d to %d of %s/%s are missing before it"
                    .formatted(folded + 1, version - 1, type, aggregateId));
        }
        return events == null ? refusal("the event has been erased") : null;
    }

    /** Why a fold can't go on without events that are missing; null if its author says that it can. */
    public @Nullable String refusal(String missing) {
        return switch (missingEvents) {
            case SKIP -> null;
            case FAIL ->
                "%s; if it is right to leave such events out, let %s.missingEvents() say SKIP"
                        .formatted(missing, author.getName());
        };
    }
}
