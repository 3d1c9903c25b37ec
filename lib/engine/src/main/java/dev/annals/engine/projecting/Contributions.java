package dev.annals.engine.projecting;

import dev.annals.api.Contribution;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The aggregate types that contribute to the rows of groups. Changes of their parts come through one topic and say
 * whose they are.
 *
 * <p>How a part that has changed moves between groups, and what that makes of their rows, is said here alone: for the
 * projector, for {@link ViewFold}, and so for the kit that authors test with.
 */
final class Contributions<R extends java.lang.Record> {

    private final Map<String, OfType<?, R>> byType = new LinkedHashMap<>();

    /**
     * A part that no longer counts in a group, one that does now, or both.
     *
     * @param out null for none
     * @param in null for none
     */
    record Move<P>(String group, @Nullable P out, @Nullable P in) {}

    /** For one thread. */
    private record OfType<P extends java.lang.Record, R extends java.lang.Record>(
            Contribution<?, P, R> contribution, RecordBinding<P> parts, PartChange.Codec changes) {

        static <P extends java.lang.Record, R extends java.lang.Record> OfType<P, R> of(
                String type, Contribution<?, P, R> contribution) {
            RecordBinding<P> parts = RecordBinding.of(contribution.part(), DerivedSchema.of(contribution.part()));
            return new OfType<>(contribution, parts, new PartChange.Codec(type, parts.schema()));
        }

        @Nullable
        R apply(@Nullable R row, PartChange change) {
            return Contributions.apply(contribution, row, part(change.before()), part(change.after()));
        }

        private @Nullable P part(@Nullable GenericRecord avro) {
            return avro == null ? null : parts.fromAvro(avro);
        }
    }

    /** @param contributions by aggregate type */
    Contributions(Map<String, Contribution<?, ?, R>> contributions) {
        contributions.forEach((type, contribution) -> byType.put(type, OfType.of(type, contribution)));
    }

    /** The row after a change of a part; null when nothing is left of it. */
    @Nullable
    R apply(@Nullable R row, PartChange change) {
        return of(change.codec().type()).apply(row, change);
    }

    /** The change that a record of the repartition topic has. */
    PartChange read(Record<byte[], byte[]> record) {
        return of(PartChange.typeOf(record.headers())).changes().decode(record.value());
    }

    private OfType<?, R> of(String type) {
        OfType<?, R> found = byType.get(type);
        if (found == null) {
            throw new IllegalStateException(
                    "a change of a part of '%s'; expected one of %s".formatted(type, byType.keySet()));
        }
        return found;
    }

    /** Into the new group before out of the old one: a reader of both sees the part rather twice than not at all. */
    static <P> List<Move<P>> moves(@Nullable P before, @Nullable P after, Function<P, String> group) {
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
    static <P extends java.lang.Record, R extends java.lang.Record> @Nullable R apply(
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
