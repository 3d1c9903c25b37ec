package dev.annals.service.access;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and may.
 *
 * @param principal null for somebody without a token
 * @param restrictions to their own: at least one must hold; empty for all that the action is about
 */
public record Caller(@Nullable Principal principal, Set<Restriction> restrictions) {

    /** Somebody without a token, where nobody is asked. */
    public static final Caller ANYBODY = new Caller(null, Set.of());

    /**
     * Row-level security for one caller: a field must have this value.
     *
     * @param field of the state or the row that the action is about
     * @param value as JSON has it, without quotes
     */
    public record Restriction(String field, String value) {}

    public Caller {
        restrictions = Set.copyOf(restrictions);
    }
}
