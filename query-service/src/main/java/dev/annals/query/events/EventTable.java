package dev.annals.query.events;

import dev.annals.api.AggregateType;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.SnapshotCodec;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.Topics;
import dev.annals.query.table.RecordDecoder;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Response;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** The event streams of an aggregate type. Thread-safe. */
public final class EventTable extends StreamTable {

    private final EventReader<?> reader;
    private final StateFolder<?, ?> folder;
    private final Snapshots<?> snapshots;

    private EventTable(TopicTable table, EventReader<?> reader, StateFolder<?, ?> folder, Snapshots<?> snapshots) {
        super(reader.type(), table);
        this.reader = reader;
        this.folder = folder;
        this.snapshots = snapshots;
    }

    /** @param snapshotEvery so many events of a stream, its state is kept; 0: never */
    public static EventTable of(AggregateType<?, ?, ?> type, Topics topics, RecordDecoder decoder, int snapshotEvery) {
        return typed(type, topics, decoder, snapshotEvery);
    }

    private static <C, S extends Record, E> EventTable typed(
            AggregateType<C, S, E> type, Topics topics, RecordDecoder decoder, int snapshotEvery) {
        String topic = topics.events(type.name());
        EventReader<E> reader = new EventReader<>(type.name(), AggregateBinding.of(type), topic, decoder);
        StateFolder<S, E> folder = new StateFolder<>(type, reader);
        Snapshots<S> snapshots = new Snapshots<>(folder, SnapshotCodec.of(type), snapshotEvery);
        TopicTable table = new TopicTable(
                new Topics("").events(type.name()),
                topic,
                TopicTable.Phase.OPEN,
                snapshotEvery == 0 ? null : snapshots);
        return new EventTable(table, reader, folder, snapshots);
    }

    /** Of today's events. */
    public Collection<Schema> eventSchemas() {
        return reader.schemas();
    }

    @Override
    public Schema stateSchema() {
        return folder.schema();
    }

    StateFolder<?, ?> folder() {
        return folder;
    }

    /** See {@link StateFolder.Fold#over}. */
    @Override
    StateFolder.@Nullable Folded state(Shard shard, String id, AsOf asOf) {
        return snapshots.fold(shard, id, asOf);
    }

    @Override
    public String requireValid(String id) {
        if (!AggregateIds.isValid(id)) {
            throw ProblemException.of(
                    400, "invalid-id", "aggregate id '%s': expected %s".formatted(id, AggregateIds.RULE));
        }
        return id;
    }

    @Override
    String records() {
        return "events";
    }

    @Override
    ProblemException absent(String what) {
        return ProblemException.of(404, "aggregate-not-found", what);
    }

    @Override
    boolean isSummary(StoredRecord event) {
        return reader.isSummary(event);
    }

    /**
     * A stored event as it is in answers: {@code {"version","type","time","id","data","headers"}}, in today's shape.
     *
     * <p>One item mostly. Where an upcaster splits the event, one for each part, and each says which {@code "part"} it
     * is of how many {@code "parts"}. One whose type is retired is shown as it was written, with
     * {@code "retired":true}; a summary says {@code "summary":true}; and one that this release can't read as an event
     * of its domain as it was written too, for a history is where people look when a fold has refused.
     */
    @Override
    public List<Response.Body> items(StoredRecord event) {
        IndexedRecord stored = reader.decode(event);
        List<IndexedRecord> today = reader.today(stored);
        if (today.isEmpty()) {
            return List.of(json -> write(event, stored, json, more -> more.writeBooleanField("retired", true)));
        }
        List<Response.Body> items = new ArrayList<>(today.size());
        for (IndexedRecord data : today) {
            int part = items.size() + 1;
            items.add(json -> write(event, data, json, more -> {
                if (today.size() > 1) {
                    more.writeNumberField("part", part);
                    more.writeNumberField("parts", today.size());
                } else if (reader.isSummary(data)) {
                    more.writeBooleanField("summary", true);
                }
            }));
        }
        return items;
    }
}
