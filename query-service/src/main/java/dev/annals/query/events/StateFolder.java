package dev.annals.query.events;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.SnapshotCodec.Snapshot;
import dev.annals.engine.kafka.EventKey;
import dev.annals.query.table.StoredRecord;
import dev.annals.service.http.ProblemException;
import java.util.Iterator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Folds the events of a stream into the aggregate's state, up to a version or a time. Thread-safe. */
final class StateFolder<S extends Record, E> {

    private final Decider<?, S, E> decider;
    private final EventReader<E> events;
    private final RecordBinding<S> states;

    StateFolder(AggregateType<?, S, E> type, EventReader<E> events) {
        this.decider = type.decider();
        this.events = events;
        this.states = RecordBinding.of(type.state(), DerivedSchema.of(type.state()));
    }

    Schema schema() {
        return states.schema();
    }

    /** The state after an event, as a record of {@link #schema}. */
    record Folded(long version, GenericRecord state) implements StreamTable.Folded {}

    /** Begins where a snapshot has come to; before the first event if it is null. */
    Fold from(@Nullable Snapshot<S> snapshot) {
        return snapshot == null ? new Fold(0, decider.initial()) : new Fold(snapshot.version(), snapshot.state());
    }

    /** A state on its way along its stream. For one thread. */
    final class Fold {

        private long version;
        private S state;

        private Fold(long version, S state) {
            this.version = version;
            this.state = state;
        }

        long version() {
            return version;
        }

        S state() {
            return state;
        }

        /**
         * The state after the events that count; null where there are none.
         *
         * @param stream from the next version on
         * @throws dev.annals.service.http.ProblemException 410 if one of them was erased, and the decider does not pass
         *     over such events, or if the last of them have expired
         */
        @Nullable
        Folded over(Iterator<StoredRecord> stream, AsOf asOf) {
            boolean goesOn = true;
            while (goesOn && stream.hasNext()) {
                goesOn = add(stream.next(), asOf);
            }
            return version == 0 ? null : new Folded(version, states.toAvro(state));
        }

        /** @return whether the event was included */
        boolean add(StoredRecord event, AsOf asOf) {
            long next = EventKey.parse(event.key()).version();
            boolean included = asOf.includes(next, event);
            if (version + 1 < next && (included || asOf.reaches(version + 1))) {
                skipTo(next, event, asOf, included);
            }
            if (included) {
                for (E each : events.events(event)) {
                    state = decider.fold(state, each);
                }
                version = next;
            }
            return included;
        }

        /** Versions are missing: expired before a summary, which begins anew, else erased. */
        private void skipTo(long next, StoredRecord event, AsOf asOf, boolean included) {
            if (events.isSummary(event)) {
                if (!included) {
                    throw expired(event, version + 1, next);
                }
                return;
            }
            long last = included ? next - 1 : asOf.lastOf(version, next - 1, event);
            if (last > version) {
                requirePassOver(event, version + 1);
                version = last;
            }
        }
    }

    private RuntimeException expired(StoredRecord summary, long from, long version) {
        return ProblemException.of(
                        410,
                        "events-expired",
                        "%s and those after it have expired: what is known begins with version %d, of %s"
                                .formatted(id(summary, from), version, StreamTable.time(summary)))
                .with("version", version);
    }

    private void requirePassOver(StoredRecord later, long version) {
        switch (decider.missingEvents()) {
            case SKIP -> {}
            case FAIL ->
                throw ProblemException.of(
                        410,
                        "event-erased",
                        "%s was erased, and the decider does not say that a state can do without it"
                                .formatted(id(later, version)));
        }
    }

    private String id(StoredRecord ofSameStream, long version) {
        return "%s/%s/%d"
                .formatted(events.type(), EventKey.parse(ofSameStream.key()).aggregateId(), version);
    }
}
