package dev.annals.engine.projecting;

import dev.annals.api.Contribution;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** The aggregate types that contribute to the rows of a view. Changes of their parts come through one topic and say whose they are. */
final class Sides<R extends java.lang.Record> {

    private final Map<String, Side<?, R>> byType = new LinkedHashMap<>();

    /** For one thread. */
    private record Side<P extends java.lang.Record, R extends java.lang.Record>(
            Contribution<?, P, R> contribution, RecordBinding<P> parts, PartChange.Codec changes) {

        static <P extends java.lang.Record, R extends java.lang.Record> Side<P, R> of(
                String type, Contribution<?, P, R> contribution) {
            RecordBinding<P> parts = RecordBinding.of(contribution.part(), DerivedSchema.of(contribution.part()));
            return new Side<>(contribution, parts, new PartChange.Codec(type, parts.schema()));
        }

        @Nullable
        R apply(@Nullable R row, PartChange change) {
            return Moves.apply(contribution, row, part(change.before()), part(change.after()));
        }

        private @Nullable P part(@Nullable GenericRecord avro) {
            return avro == null ? null : parts.fromAvro(avro);
        }
    }

    /** @param contributions by aggregate type */
    Sides(Map<String, Contribution<?, ?, R>> contributions) {
        contributions.forEach((type, contribution) -> byType.put(type, Side.of(type, contribution)));
    }

    /** The row after a change of a part; null when nothing is left of it. */
    @Nullable
    R apply(@Nullable R row, PartChange change) {
        return side(change.side().type()).apply(row, change);
    }

    /** The change that a record of the repartition topic has. */
    PartChange read(Record<byte[], byte[]> record) {
        String type = PartChange.typeOf(record.headers());
        // Before there were several sides, the only one did not say who it was.
        Side<?, R> side = type == null && byType.size() == 1
                ? byType.values().iterator().next()
                : side(Objects.requireNonNullElse(type, ""));
        return side.changes().decode(record.value());
    }

    private Side<?, R> side(String type) {
        Side<?, R> side = byType.get(type);
        if (side == null) {
            throw new IllegalStateException(
                    "a change of a part of '%s'; expected one of %s".formatted(type, byType.keySet()));
        }
        return side;
    }
}
