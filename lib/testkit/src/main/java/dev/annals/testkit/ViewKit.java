package dev.annals.testkit;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.JoinedView;
import dev.annals.api.View;
import dev.annals.engine.projecting.ViewFold;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;

/**
 * Tests a view: given events of one or several aggregates, then the rows are these.
 *
 * <pre>{@code
 * ViewKit.of(new CountrySalesView())
 *         .given("1", placedInFrance)
 *         .given("2", placedInFrance, cancelled)
 *         .thenRow("France", new CountrySalesRow("France", 1, 2, total));
 * }</pre>
 *
 * <p>Folds by the projector's own rules ({@link ViewFold}): versions of an aggregate count from 1, a row moves when its
 * key changes, and the changed part of an aggregate is put into its group before the old one is taken out. Rows are as
 * they are stored: times in milliseconds, money with four decimals. Mutable, for one thread.
 */
public final class ViewKit<E, R extends Record> {

    /** Time of every event for which {@link #at} has named no other. */
    public static final Instant DEFAULT_TIME = Instant.parse("2026-01-01T00:00:00Z");

    /** What the one aggregate type of a view is called here. */
    private static final String OWN = "own";

    private final View<E, R> view;
    private final ViewFold fold;
    private final Map<String, String> aggregateByKey = new HashMap<>();
    private Instant time = DEFAULT_TIME;

    private ViewKit(View<E, R> view) {
        this.view = view;
        this.fold = ViewFold.plain(view, OWN);
    }

    /** An empty view. */
    public static <E, R extends Record> ViewKit<E, R> of(View<E, R> view) {
        return new ViewKit<>(view);
    }

    /** The events that follow have this time. */
    public ViewKit<E, R> at(Instant timeOfEvents) {
        time = timeOfEvents;
        return this;
    }

    /** The next events of an aggregate. */
    @SafeVarargs
    public final ViewKit<E, R> given(String aggregateId, E... events) {
        for (E event : events) {
            fold(type(event.getClass()), aggregateId, List.of(event));
        }
        return this;
    }

    /**
     * The next records of an aggregate as they are stored: as today's events, or in the shape of earlier releases, to
     * be upcast. Each has one version, whatever comes of it.
     *
     * @throws IllegalArgumentException if a record is no event of the type, and no upcaster knows it
     */
    public ViewKit<E, R> givenStored(AggregateType<?, ?, ? extends E> type, String aggregateId, Record... stored) {
        for (Record each : stored) {
            fold(type(type.events()), aggregateId, type.upcast(each));
        }
        return this;
    }

    private void fold(String type, String aggregateId, List<?> events) {
        long version = fold.version(type, aggregateId) + 1;
        Set<String> changed = fold.apply(type, aggregateId, version, time, events);
        if (view instanceof AggregateView<?, ?>) {
            changed.forEach(key -> requireOwn(key, aggregateId));
        }
    }

    private void requireOwn(String key, String aggregateId) {
        if (fold.value(key) == null) {
            aggregateByKey.remove(key);
            return;
        }
        String other = aggregateByKey.put(key, aggregateId);
        if (other != null && !other.equals(aggregateId)) {
            throw new AssertionError(
                    "two aggregates share the key %s of view %s: the row of %s would replace that of %s"
                            .formatted(key, view.name(), aggregateId, other));
        }
    }

    /** The type that has events of this class; those of a joined view are called as the interface of their events. */
    private String type(Class<?> event) {
        if (!(view instanceof JoinedView<?> joined)) {
            return OWN;
        }
        return joined.sides().stream()
                .map(JoinedView.Side::events)
                .filter(events -> events.isAssignableFrom(event))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no side of the view has the event " + event.getName()))
                .getName();
    }

    /** There is this row under this key. */
    public ViewKit<E, R> thenRow(String key, R row) {
        Assertions.assertThat(rows()).as("rows of the view").containsEntry(key, row);
        return this;
    }

    /** There is no row under this key. */
    public ViewKit<E, R> thenNoRow(String key) {
        Assertions.assertThat(rows()).as("rows of the view").doesNotContainKey(key);
        return this;
    }

    /** There are exactly these keys, in the order in which a page lists them. */
    public ViewKit<E, R> thenKeys(String... keys) {
        Assertions.assertThat(rows().keySet()).as("keys of the view").containsExactly(keys);
        return this;
    }

    /** The row under this key, if there is one. */
    public Optional<R> row(String key) {
        return Optional.ofNullable(view.row().cast(fold.value(key)));
    }

    /** All rows, in key order. */
    public SortedMap<String, R> rows() {
        SortedMap<String, R> rows = new TreeMap<>();
        fold.keys().forEach(key -> rows.put(key, row(key).orElseThrow()));
        return Collections.unmodifiableSortedMap(rows);
    }
}
