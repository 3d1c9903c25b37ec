package dev.annals.api;

import java.util.List;

/**
 * A view whose rows bring together aggregates of several types, such as a customer's orders and accounts.
 *
 * <p>Each type is a side with parts of its own; whatever parts name the same group meet in its row, in any order. So
 * the first part of a row can be of any side, and the row is gone when the last side has taken its last part out.
 */
public non-sealed interface JoinedView<R extends Record> extends View<Object, R> {

    /** One a type. */
    List<Side<?, ?, R>> sides();

    /** What one type contributes. */
    interface Side<E, P extends Record, R extends Record> extends Contribution<E, P, R> {

        /** The sealed interface of the type's events. The type must be one of the installation. */
        Class<E> events();
    }
}
