package dev.annals.engine.projecting;

import dev.annals.api.Contribution;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How the part of an aggregate that has changed moves between groups, and what that makes of their rows: the one place
 * that says it, for the projector, for {@link ViewFold} and so for the kit that authors test with.
 */
final class Moves {

    private Moves() {}

    /**
     * A part that no longer counts in a group, one that does now, or both.
     *
     * @param out null for none
     * @param in null for none
     */
    record Move<P>(String group, @Nullable P out, @Nullable P in) {}

    /** Into the new group before out of the old one: a reader of both sees the part rather twice than not at all. */
    static <P> List<Move<P>> of(@Nullable P before, @Nullable P after, Function<P, String> group) {
        String from = before == null ? null : group.apply(before);
        String to = after == null ? null : group.apply(after);
        if (from == null) {
            return to == null ? List.of() : List.of(new Move<>(to, null, after));
        }
        Move<P> leave = new Move<>(from, before, null);
        if (to == null) {
            return List.of(leave);
        }
        return to.equals(from) ? List.of(new Move<>(to, before, after)) : List.of(new Move<>(to, null, after), leave);
    }

    /** Adds before it subtracts, so that the only part of a group can change without the row being started anew. */
    static <P extends Record, R extends Record> @Nullable R apply(
            Contribution<?, P, R> contribution, @Nullable R row, @Nullable P out, @Nullable P in) {
        R with = in == null ? row : contribution.add(row, in);
        if (out == null) {
            return with;
        }
        if (with == null) {
            throw new IllegalStateException("nothing is left to take %s out of".formatted(out));
        }
        return contribution.subtract(with, out);
    }
}
