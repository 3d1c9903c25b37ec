package dev.annals.core.projection;

import java.util.List;

/**
 * A read model: rows by key, folded from the events of one aggregate type.
 *
 * <p>Annals adds two fields to every row: {@code id}, the row's key, and {@code version}, the version of the aggregate that
 * the row was folded to (of a {@link GroupedView} or {@link JoinedView}: how often the row has changed). The Avro schema of the row is the class
 * path resource {@code /avro/views/<simple name of the row class>.avsc}; it declares {@code id} and {@code version} beside
 * the components of the row class.
 *
 * @param <E> the events, the sealed interface of the aggregate type
 * @param <R> the row, a record
 */
public sealed interface View<E, R extends Record> permits AggregateView, GroupedView, JoinedView {

    /** Plural, lower case; names the topic {@code <name>.view.<version>} and the URL {@code /v1/<name>}. */
    String name();

    /** Raised by the author when rows would come out differently: a new version is built beside the old one. */
    default int version() {
        return 1;
    }

    Class<R> row();

    /** By what, beside its key, a row can be found. */
    default List<Filter> filters() {
        return List.of();
    }
}
