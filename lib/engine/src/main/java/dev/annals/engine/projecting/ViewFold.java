package dev.annals.engine.projecting;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.Contribution;
import dev.annals.api.GroupedView;
import dev.annals.api.JoinedView;
import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.folding.StreamFold;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A view's rows folded in memory, from the view's own functions and nothing else: no Kafka, no Streams, no store. What
 * it comes to is what a projector must come to, also in the versions of the rows, whatever the order in which
 * aggregates come.
 *
 * <p>Holds a row for each key and a row or part for each aggregate, and no events. Mutable, for one thread.
 */
public final class ViewFold {

    private final View<?, ?> view;
    private final StreamFold rules;
    private final Map<String, Aggregates<?, ?>> aggregates;
    private final RowsByKey<?> rows;

    private ViewFold(View<?, ?> view, Map<String, Aggregates<?, ?>> aggregates, RowsByKey<?> rows) {
        this.view = view;
        this.rules = StreamFold.of(view, false);
        this.aggregates = aggregates;
        this.rows = rows;
    }

    /**
     * A view before the first event.
     *
     * @param own of the aggregate type to which the view belongs
     * @param all of the installation, for views that join several
     * @throws BindingException if a row or part has no schema or does not fit it, or a side's type is not there
     */
    public static ViewFold of(
            View<?, ?> view, AggregateBinding<?, ?, ?> own, Collection<AggregateBinding<?, ?, ?>> all) {
        return ofTyped(view, own.type(), all);
    }

    private static <E, R extends Record> ViewFold ofTyped(
            View<E, R> view, AggregateType<?, ?, ?> own, Collection<AggregateBinding<?, ?, ?>> all) {
        return before(
                view,
                RowBinding.of(own, view),
                own.name(),
                side -> GenerationFolds.binding(side, all).type().name());
    }

    /**
     * A view before the first event, of an author who may have no schemas yet: rows are kept as they are stored with
     * the schema that is derived from their class.
     *
     * @param own what its aggregate type is to be called; the types of a {@link JoinedView} are called as the
     *     interfaces of their events
     */
    public static ViewFold plain(View<?, ?> view, String own) {
        return plainTyped(view, own);
    }

    private static <E, R extends Record> ViewFold plainTyped(View<E, R> view, String own) {
        return before(view, RowBinding.derived(view), own, side -> side.events().getName());
    }

    private static <E, R extends Record> ViewFold before(
            View<E, R> view, RowBinding<R> binding, String own, Function<JoinedView.Side<?, ?, R>, String> typeOfSide) {
        RowsByKey<R> rows = new RowsByKey<>(binding);
        return new ViewFold(
                view,
                switch (view) {
                    case AggregateView<E, R> each -> Map.of(own, new WithRows<>(each, rows));
                    case GroupedView<E, ?, R> groups -> Map.of(own, new WithParts<>(groups, rows));
                    case JoinedView<?> joined ->
                        sides(ViewFold.<R>typed(joined), typeOfSide, side -> new WithParts<>(side, rows));
                },
                rows);
    }

    @SuppressWarnings("unchecked") // a view of these rows, as what it came from was
    private static <R extends Record> JoinedView<R> typed(JoinedView<?> view) {
        return (JoinedView<R>) view;
    }

    private static <R extends Record> Map<String, Aggregates<?, ?>> sides(
            JoinedView<R> view,
            Function<JoinedView.Side<?, ?, R>, String> type,
            Function<JoinedView.Side<?, ?, R>, Aggregates<?, ?>> parts) {
        Map<String, Aggregates<?, ?>> sides = new LinkedHashMap<>();
        view.sides().forEach(side -> sides.put(type.apply(side), parts.apply(side)));
        return sides;
    }

    public Set<String> types() {
        return Collections.unmodifiableSet(aggregates.keySet());
    }

    /**
     * Folds one record of an event topic by the rules of {@link StreamFold}.
     *
     * @param type one of {@link #types}, whose record it is
     * @param events what the record means today, see {@link AggregateBinding#events}
     * @return the keys whose rows may have changed
     * @throws IllegalStateException if the rules refuse it
     * @throws RuntimeException what the view's own code throws
     */
    public Set<String> apply(String type, String aggregateId, long version, Instant time, List<?> events) {
        return isNext(type, aggregateId, version, events)
                ? of(type).apply(new StoredEvent<>(aggregateId, version, time, events))
                : Set.of();
    }

    /**
     * An event was erased: the values stay as they are.
     *
     * @throws IllegalStateException if the rules refuse it
     */
    public void erased(String type, String aggregateId, long version) {
        if (isNext(type, aggregateId, version, null)) {
            passOver(type, aggregateId, version);
        }
    }

    private boolean isNext(String type, String aggregateId, long version, @Nullable List<?> events) {
        long folded = version(type, aggregateId);
        if (StreamFold.isFolded(folded, version)) {
            return false;
        }
        String refusal = rules.refusal(type, aggregateId, folded, version, events);
        if (refusal != null) {
            throw new IllegalStateException(
                    "view %s: version %d of %s: %s".formatted(view.name(), version, aggregateId, refusal));
        }
        return true;
    }

    /** How far an aggregate is folded; 0 before its first event. */
    public long version(String type, String aggregateId) {
        return of(type).get(aggregateId).version;
    }

    /** The values stay as they are, and the event after this one is the next. */
    public void passOver(String type, String aggregateId, long version) {
        of(type).passOver(aggregateId, version);
    }

    private Aggregates<?, ?> of(String type) {
        return Objects.requireNonNull(aggregates.get(type), () -> view.name() + " has no events of " + type);
    }

    /** The keys of all rows, in no order. */
    public Set<String> keys() {
        return rows.keys();
    }

    /** The row of this key, as it would be stored; null if there is none. Not of rows without a schema. */
    public @Nullable GenericRecord row(String key) {
        return rows.encoded(key);
    }

    /** The row of this key, as the view has it; null if there is none. */
    public @Nullable Record value(String key) {
        return rows.value(key);
    }

    /** A value, and the version to which it was folded. */
    private record Versioned<V>(long version, @Nullable V value) {}

    private abstract static class Aggregates<E, V extends Record> {

        private final Map<String, Versioned<V>> byId = new HashMap<>();

        @SuppressWarnings("unchecked") // by contract of ViewFold.apply
        Set<String> apply(StoredEvent<?> any) {
            StoredEvent<E> event = (StoredEvent<E>) any;
            Versioned<V> before = get(event.aggregateId());
            V after = step(before.value, event);
            byId.put(event.aggregateId(), new Versioned<>(event.version(), after));
            return changed(event, before.value, after);
        }

        void passOver(String id, long version) {
            Versioned<V> before = get(id);
            if (version > before.version) {
                byId.put(id, new Versioned<>(version, before.value));
            }
        }

        Versioned<V> get(String id) {
            return byId.getOrDefault(id, new Versioned<>(0, null));
        }

        /** The value after an event, as it is when it has been stored and read again. */
        abstract @Nullable V step(@Nullable V before, StoredEvent<E> event);

        abstract Set<String> changed(StoredEvent<E> cause, @Nullable V before, @Nullable V after);
    }

    private static final class WithRows<E, R extends Record> extends Aggregates<E, R> {

        private final AggregateView<E, R> view;
        private final RowsByKey<R> rows;

        WithRows(AggregateView<E, R> view, RowsByKey<R> rows) {
            this.view = view;
            this.rows = rows;
        }

        @Override
        @Nullable
        R step(@Nullable R before, StoredEvent<E> event) {
            R after = event.fold(before, view::apply);
            return after == null ? null : rows.binding.stored(after);
        }

        @Override
        Set<String> changed(StoredEvent<E> cause, @Nullable R before, @Nullable R after) {
            Set<String> keys = new LinkedHashSet<>();
            if (before != null) {
                String key = view.key(cause.aggregateId(), before);
                rows.byKey.remove(key);
                keys.add(key);
            }
            if (after != null) {
                String key = view.key(cause.aggregateId(), after);
                rows.byKey.put(key, new Versioned<>(cause.version(), after));
                keys.add(key);
            }
            return keys;
        }
    }

    private static final class WithParts<E, P extends Record, R extends Record> extends Aggregates<E, P> {

        private final Contribution<E, P, R> contribution;
        private final RowsByKey<R> rows;
        private final RecordBinding<P> parts;

        WithParts(Contribution<E, P, R> contribution, RowsByKey<R> rows) {
            this.contribution = contribution;
            this.rows = rows;
            this.parts = RecordBinding.of(contribution.part(), DerivedSchema.of(contribution.part()));
        }

        @Override
        @Nullable
        P step(@Nullable P before, StoredEvent<E> event) {
            P after = event.fold(before, contribution::apply);
            return after == null ? null : parts.fromAvro(parts.toAvro(after));
        }

        /** Equal parts change nothing: as {@link PartFold} has it. */
        @Override
        Set<String> changed(StoredEvent<E> cause, @Nullable P before, @Nullable P after) {
            Set<String> keys = new LinkedHashSet<>();
            if (!Objects.equals(before, after)) {
                for (Contributions.Move<P> move : Contributions.moves(before, after, contribution::group)) {
                    change(move);
                    keys.add(move.group());
                }
            }
            return keys;
        }

        private void change(Contributions.Move<P> move) {
            Versioned<R> before = rows.byKey.getOrDefault(move.group(), new Versioned<>(0, null));
            R row = Contributions.apply(contribution, before.value, move.out(), move.in());
            rows.byKey.put(
                    move.group(), new Versioned<>(before.version + 1, row == null ? null : rows.binding.stored(row)));
        }
    }

    /** A group whose row is gone stays, without a value: its version counts on. */
    private static final class RowsByKey<R extends Record> {

        private final RowBinding<R> binding;
        private final Map<String, Versioned<R>> byKey = new HashMap<>();

        /** @param binding by which rows are stored and read again */
        RowsByKey(RowBinding<R> binding) {
            this.binding = binding;
        }

        Set<String> keys() {
            Set<String> keys = new LinkedHashSet<>();
            byKey.forEach((key, row) -> {
                if (row.value != null) {
                    keys.add(key);
                }
            });
            return keys;
        }

        @Nullable
        R value(String key) {
            Versioned<R> row = byKey.get(key);
            return row == null ? null : row.value;
        }

        @Nullable
        GenericRecord encoded(String key) {
            Versioned<R> row = byKey.get(key);
            return row == null || row.value == null ? null : binding.toAvro(key, row.version, row.value);
        }
    }
}
