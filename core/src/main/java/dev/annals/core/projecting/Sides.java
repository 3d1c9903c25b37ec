package dev.annals.core.projecting;

import dev.annals.core.projection.Contribution;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** The aggregate types that contribute to the rows of a view. Changes of their parts come through one topic and say whose they are. */
final class Sides<R extends java.lang.Record> {

    private static final String TYPE_HEADER = "annals_type";

    private final Map<String, Side<?, R>> byType = new LinkedHashMap<>();

    /** For one thread. */
    private record Side<P extends java.lang.Record, R extends java.lang.Record>(
            Contribution<?, P, R> contribution, PartChange.Codec<P> changes) {

        static <P extends java.lang.Record, R extends java.lang.Record> Side<P, R> of(
                Contribution<?, P, R> contribution) {
            return new Side<>(contribution, new PartChange.Codec<>(contribution.part()));
        }

        /** Adds before it subtracts, so that the only part of a group can change without the row being started anew. */
        @Nullable
        R apply(@Nullable R row, byte[] bytes) {
            PartChange<P> change = changes.decode(bytes);
            R after = change.after() == null ? row : contribution.add(row, change.after());
            return change.before() == null ? after : subtract(after, change.before());
        }

        private @Nullable R subtract(@Nullable R row, P part) {
            if (row == null) {
                throw new IllegalStateException("nothing is left to take %s out of".formatted(part));
            }
            return contribution.subtract(row, part);
        }
    }

    /** @param contributions by aggregate type */
    Sides(Map<String, Contribution<?, ?, R>> contributions) {
        contributions.forEach((type, contribution) -> byType.put(type, Side.of(contribution)));
    }

    static void mark(Headers headers, String type) {
        headers.add(TYPE_HEADER, type.getBytes(StandardCharsets.UTF_8));
    }

    /** The row after a change of a part; null when nothing is left of it. */
    @Nullable
    R apply(@Nullable R row, Record<byte[], byte[]> change) {
        return side(change).apply(row, change.value());
    }

    private Side<?, R> side(Record<byte[], byte[]> change) {
        Header header = change.headers().lastHeader(TYPE_HEADER);
        // Before there were several sides, the only one did not say who it was.
        Side<?, R> side = header == null && byType.size() == 1
                ? byType.values().iterator().next()
                : byType.get(header == null ? "" : new String(header.value(), StandardCharsets.UTF_8));
        if (side == null) {
            throw new IllegalStateException(
                    "a change of a part of %s; expected one of %s".formatted(header, byType.keySet()));
        }
        return side;
    }
}
