package dev.annals.api;

import java.util.List;

/**
 * A read model: rows by key, folded from the events of one aggregate type.
 *
 * <p>Annals adds two fields to every row: {@code id}, the row's key, and {@code version}, the version of the aggregate
 * that the row was folded to (of a {@link GroupedView} or {@link JoinedView}: how often the row has changed). The Avro
 * schema of the row has the full name {@code <namespace>.views.<simple name of the row class>}, with the namespace of
 * the domain that lists the view; it is recorded from the row class by the test kit. Its times are
 * {@code timestamp-millis}, which tools around Kafka know: finer digits of an {@link java.time.Instant} are cut off
 * when the row is stored, and are not in its key.
 *
 * @param <E> the events, the sealed interface of the aggregate type
 * @param <R> the row, a record
 */
public sealed interface View<E, R extends Record> permits AggregateView, GroupedView, JoinedView {

    /**
     * Whether a view can have this name: lower-case words joined by {@code -}, so that topics, consumer groups, URLs
     * and folders can be named after it.
     */
    static boolean isName(String name) {
        return NameRule.isValid(name);
    }

    /**
     * Plural, lower case; names the URL {@code /v1/<name>} and the topics {@code <name>.view.<n>}, one for each
     * generation.
     */
    String name();

    /**
     * Raised by the author when the same events make other rows: a new generation is then built beside the one that is
     * read, and takes its place when it has caught up. A view begins with the generation of this number.
     */
    default int version() {
        return 1;
    }

    Class<R> row();

    /**
     * What is done about missing events (erased ones). With {@link MissingEvents#SKIP} the fold must do without any of
     * them: the first event that it sees of an aggregate need not be the one that made it. What an event did before it
     * was erased stays in rows until the view is replayed.
     */
    default MissingEvents missingEvents() {
        return MissingEvents.FAIL;
    }

    /** By what, beside its key, a row can be found. */
    default List<Filter> filters() {
        return List.of();
    }
}
