package dev.annals.api;

import org.jspecify.annotations.Nullable;

/** A view with at most one row for each aggregate. */
public non-sealed interface AggregateView<E, R extends Record> extends View<E, R> {

    /**
     * The row after one more event.
     *
     * @param row the row so far, null before the first event and after a fold that returned null
     * @return the new row; null removes it
     */
    @Nullable
    R apply(@Nullable R row, RecordedEvent<E> event);

    /**
     * The row's key in the view: by default the aggregate's id. A key of other parts must end with the aggregate id, so
     * that no two aggregates share a row; it may change while the row changes, the row then moves.
     */
    default String key(String aggregateId, R row) {
        return aggregateId;
    }
}
