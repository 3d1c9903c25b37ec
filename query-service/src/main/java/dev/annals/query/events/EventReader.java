package dev.annals.query.events;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.UnknownRecordException;
import dev.annals.query.routing.WaitingRequests;
import dev.annals.query.table.RecordDecoder;
import dev.annals.query.table.StoredRecord;
import java.util.Collection;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;

/**
 * Stored events of one aggregate type: decoded as they were written, and upcast to what they are today. Thread-safe.
 *
 * @param topic with the installation's prefix
 */
record EventReader<E>(String type, AggregateBinding<?, ?, E> binding, String topic, RecordDecoder decoder) {

    /** Of today's events. */
    Collection<Schema> schemas() {
        return binding.eventSchemas();
    }

    /** As it was written. */
    IndexedRecord decode(StoredRecord event) {
        return decoder.decode(topic, event);
    }

    /**
     * In today's shape: none of a retired type, several where it was split; as it was written where this release
     * doesn't know it.
     */
    List<IndexedRecord> today(IndexedRecord stored) {
        try {
            return binding.eventRecords(stored);
        } catch (UnknownRecordException | BindingException e) {
            return List.of(stored);
        }
    }

    /**
     * For a fold.
     *
     * @throws dev.annals.service.http.ProblemException 503 if it is newer than this instance, as while releases are
     *     mixed: another one, or this one soon, can answer
     */
    List<E> events(StoredRecord event) {
        try {
            return binding.events(decode(event));
        } catch (UnknownRecordException e) {
            throw WaitingRequests.unavailable(String.valueOf(e.getMessage()));
        }
    }

    /** Of one that this release can't read, no: a history shows it all the same. */
    boolean isSummary(StoredRecord event) {
        List<IndexedRecord> today = today(decode(event));
        return !today.isEmpty() && isSummary(today.getFirst());
    }

    boolean isSummary(IndexedRecord event) {
        return binding.isSummary(event.getSchema().getFullName());
    }
}
