package dev.annals.testkit;

import dev.annals.core.decider.Summary;
import dev.annals.core.domain.AggregateType;
import dev.annals.core.domain.Upcasting;
import dev.annals.core.projection.AggregateView;
import dev.annals.core.projection.Contribution;
import dev.annals.core.projection.GroupedView;
import dev.annals.core.projection.JoinedView;
import dev.annals.core.projection.RecordedEvent;
import dev.annals.core.projection.View;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;

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
 * <p>Folds as the projector does: versions of an aggregate count from 1, a row moves when its key changes, and the changed
 * part of an aggregate is taken out of its group before the new one is put in. Mutable, for one thread.
 */
public final class ViewKit<E, R extends Record> {

    /** Time of every event for which {@link #at} has named no other. */
    public static final Instant DEFAULT_TIME = Instant.parse("2026-01-01T00:00:00Z");

    private final Fold<E, R> fold;
    private final Map<String, Long> versions = new HashMap<>();
    private Instant time = DEFAULT_TIME;

    private ViewKit(Fold<E, R> fold) {
        this.fold = fold;
    }

    /** An empty view. */
    public static <E, R extends Record> ViewKit<E, R> of(View<E, R> view) {
        return new ViewKit<>(
                switch (view) {
                    case AggregateView<E, R> rows -> new AggregateFold<>(rows);
                    case GroupedView<E, ?, R> groups -> new GroupedFold<>(groups, new TreeMap<>());
                    case JoinedView<?> joined -> JoinedFold.of(joined);
                });
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
            long version = versions.merge(fold.stream(aggregateId, event.getClass()), 1L, Long::sum);
            fold.apply(new RecordedEvent<>(aggregateId, version, time, event));
        }
        return this;
    }

    /**
     * The next records of an aggregate as they are stored: as today's events, or in the shape of earlier releases, to be upcast. Each has
     * one version, whatever comes of it.
     *
     * @throws IllegalArgumentException if a record is no event of the type, and no upcaster knows it
     */
    public ViewKit<E, R> givenStored(AggregateType<?, ?, ? extends E> type, String aggregateId, Record... stored) {
        Upcasting<? extends E> upcasting = type.upcasting();
        for (Record each : stored) {
            long version = versions.merge(fold.stream(aggregateId, type.events()), 1L, Long::sum);
            for (E event : upcasting.apply(each)) {
                fold.apply(new RecordedEvent<>(aggregateId, version, time, event));
            }
        }
        return this;
    }

    /** There is this row under this key. */
    public ViewKit<E, R> thenRow(String key, R row) {
        Assertions.assertThat(fold.rows()).as("rows of the view").containsEntry(key, row);
        return this;
    }

    /** There is no row under this key. */
    public ViewKit<E, R> thenNoRow(String key) {
        Assertions.assertThat(fold.rows()).as("rows of the view").doesNotContainKey(key);
        return this;
    }

    /** There are exactly these keys, in the order in which a page lists them. */
    public ViewKit<E, R> thenKeys(String... keys) {
        Assertions.assertThat(fold.rows().keySet()).as("keys of the view").containsExactly(keys);
        return this;
    }

    /** The row under this key, if there is one. */
    public Optional<R> row(String key) {
        return Optional.ofNullable(fold.rows().get(key));
    }

    /** All rows, in key order. */
    public SortedMap<String, R> rows() {
        return Collections.unmodifiableSortedMap(fold.rows());
    }

    private interface Fold<E, R extends Record> {
        void apply(RecordedEvent<E> event);

        SortedMap<String, R> rows();

        /** Which stream events of this class belong to: ids of different types are apart. */
        default String stream(String aggregateId, Class<?> event) {
            return aggregateId;
        }
    }

    private static final class AggregateFold<E, R extends Record> implements Fold<E, R> {
        private final AggregateView<E, R> view;
        private final Map<String, String> keyByAggregate = new HashMap<>();
        private final SortedMap<String, R> rows = new TreeMap<>();

        AggregateFold(AggregateView<E, R> view) {
            this.view = view;
        }

        @Override
        public void apply(RecordedEvent<E> event) {
            String oldKey = keyByAggregate.remove(event.aggregateId());
            R before = oldKey == null ? null : rows.remove(oldKey);
            R row = view.apply(event.event() instanceof Summary ? null : before, event);
            if (row != null) {
                put(event.aggregateId(), row);
            }
        }

        private void put(String aggregateId, R row) {
            String key = view.key(aggregateId, row);
            R other = rows.putIfAbsent(key, row);
            if (other != null) {
                throw new AssertionError("two aggregates share the key %s of view %s: the row of %s would replace %s"
                        .formatted(key, view.name(), aggregateId, other));
            }
            keyByAggregate.put(aggregateId, key);
        }

        @Override
        public SortedMap<String, R> rows() {
            return rows;
        }
    }

    private static final class GroupedFold<E, P extends Record, R extends Record> implements Fold<E, R> {
        private final Contribution<E, P, R> view;
        private final Map<String, P> parts = new HashMap<>();
        private final SortedMap<String, R> rows;

        GroupedFold(Contribution<E, P, R> view, SortedMap<String, R> rows) {
            this.view = view;
            this.rows = rows;
        }

        @Override
        public void apply(RecordedEvent<E> event) {
            P before = parts.get(event.aggregateId());
            P after = view.apply(event.event() instanceof Summary ? null : before, event);
            takeOut(before);
            putIn(after);
            if (after == null) {
                parts.remove(event.aggregateId());
            } else {
                parts.put(event.aggregateId(), after);
            }
        }

        @SuppressWarnings("unchecked") // an instance of the side's events
        void applyAny(RecordedEvent<?> event) {
            apply((RecordedEvent<E>) event);
        }

        private void takeOut(@Nullable P part) {
            if (part != null) {
                rows.computeIfPresent(view.group(part), (group, row) -> view.subtract(row, part));
            }
        }

        private void putIn(@Nullable P part) {
            if (part != null) {
                rows.compute(view.group(part), (group, row) -> view.add(row, part));
            }
        }

        @Override
        public SortedMap<String, R> rows() {
            return rows;
        }
    }

    /** Each event goes to the side whose events it is one of. */
    private static final class JoinedFold<E, R extends Record> implements Fold<E, R> {
        private final SortedMap<String, R> rows = new TreeMap<>();
        private final Map<Class<?>, GroupedFold<?, ?, R>> sides = new LinkedHashMap<>();

        @SuppressWarnings("unchecked") // a view of these rows, as what it came from was
        static <E, R extends Record> JoinedFold<E, R> of(JoinedView<?> view) {
            return new JoinedFold<>((JoinedView<R>) view);
        }

        private JoinedFold(JoinedView<R> view) {
            view.sides().forEach(side -> sides.put(side.events(), new GroupedFold<>(side, rows)));
        }

        @Override
        public void apply(RecordedEvent<E> event) {
            side(event.event().getClass()).getValue().applyAny(event);
        }

        @Override
        public String stream(String aggregateId, Class<?> event) {
            return side(event).getKey().getName() + "/" + aggregateId;
        }

        private Map.Entry<Class<?>, GroupedFold<?, ?, R>> side(Class<?> event) {
            return sides.entrySet().stream()
                    .filter(side -> side.getKey().isAssignableFrom(event))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no side of the view has the event " + event.getName()));
        }

        @Override
        public SortedMap<String, R> rows() {
            return rows;
        }
    }
}
