package dev.annals.api;

import org.jspecify.annotations.Nullable;

/**
 * What aggregates of one type bring to rows that many of them share.
 *
 * <p>Every aggregate contributes one <em>part</em>, folded from its own events. When the part changes, the old one is
 * taken out of its group's row and the new one put in. {@link #add} and {@link #subtract} must undo each other and must
 * not depend on the order of the parts: parts of different aggregates come in any order.
 *
 * @param <E> the events, the sealed interface of the aggregate type
 * @param <P> the part, a record whose schema is derived from its components (it never leaves the projector)
 * @param <R> the row
 */
public interface Contribution<E, P extends Record, R extends Record> {

    Class<P> part();

    /** The aggregate's part after one more event; null when it contributes nothing. */
    @Nullable
    P apply(@Nullable P part, RecordedEvent<E> event);

    /** The key of the row to which a part belongs. */
    String group(P part);

    /** The row with one more part; {@code row} is null for the first. */
    R add(@Nullable R row, P part);

    /** The row without a part that was added before; null when nothing is left of it. */
    @Nullable
    R subtract(R row, P part);
}
