package dev.annals.service.access;

import dev.annals.engine.deciding.Restriction;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and may.
 *
 * @param principal null for somebody without a token
 * @param restrictions to their own: at least one must hold; empty for all that the action is about
 * @param rights what else they may do, to their own at least
 */
public record Caller(@Nullable Principal principal, Set<Restriction> restrictions, Predicate<Action> rights) {

    /** Somebody without a token, of whom no more is known. */
    public static final Caller ANYBODY = new Caller(null, Set.of(), action -> false);

    public Caller {
        restrictions = Set.copyOf(restrictions);
    }

    /** Whether they may do this, beside what they ask for. */
    public boolean may(Action action) {
        return rights.test(action);
    }
}
