package dev.annals.api;

/**
 * A view whose rows sum up many aggregates of one type, such as sales by country.
 *
 * @param <P> the part that an aggregate contributes
 */
public non-sealed interface GroupedView<E, P extends Record, R extends Record>
        extends View<E, R>, Contribution<E, P, R> {}
