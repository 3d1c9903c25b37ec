package dev.annals.service.access;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and may.
 *
 * @param principal null for somebody without a token
 * @param rights what else they may do
 */
public record Caller(@Nullable Principal principal, Predicate<Action> rights) {

    /** Somebody without a token, of whom no more is known. */
    public static final Caller ANYBODY = new Caller(null, action -> false);

    /** Whether they may do this, beside what they ask for. */
    public boolean may(Action action) {
        return rights.test(action);
    }
}
