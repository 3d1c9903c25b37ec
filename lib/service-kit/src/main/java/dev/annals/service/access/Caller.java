package dev.annals.service.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who asks, and of what they may see or change what they asked for.
 *
 * @param principal null where nobody is asked for a token
 * @param restrictions empty for no restriction; else at least one must hold
 */
public record Caller(@Nullable Principal principal, Set<Restriction> restrictions) {

    /** Where no token is asked for: may do everything. */
    public static final Caller ANYBODY = new Caller(null, Set.of());

    /** A row rule for one caller: this field must have this value, as JSON has it without quotes. */
    public record Restriction(String field, String value) {}

    public Caller {
        restrictions = Set.copyOf(restrictions);
    }

    /** When what goes on must end; null where it need not. */
    public @Nullable Instant until() {
        return principal == null ? null : principal.expires();
    }
}
