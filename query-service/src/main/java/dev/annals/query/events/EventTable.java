package dev.annals.query.events;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.api.AggregateType;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.SnapshotCodec;
import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.query.routing.Response;
import dev.annals.query.routing.Router;
import dev.annals.query.table.RecordDecoder;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import dev.annals.service.http.ProblemException;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The event streams of an aggregate type with their table: versions, and events as they are in answers. Thread-safe.
 */
public final class EventTable {

    private final TopicTable table;
    private final EventReader<?> reader;
    private final StateFolder<?, ?> folder;
    private final Snapshots<?> snapshots;

    private EventTable(TopicTable table, EventReader<?> reader, StateFolder<?, ?> folder, Snapshots<?> snapshots) {
        this.table = table;
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

    public String name() {
        return reader.type();
    }

    public TopicTable table() {
        return table;
    }

    /** Of today's events. */
    public Collection<Schema> eventSchemas() {
        return reader.schemas();
    }

    public Schema stateSchema() {
        return folder.schema();
    }

    StateFolder<?, ?> folder() {
        return folder;
    }

    /** The state of a stream, see {@link StateFolder.Fold#over}. */
    StateFolder.@Nullable Folded state(Shard shard, String id, AsOf asOf) {
        return snapshots.fold(shard, id, asOf);
    }

    /** @throws ProblemException 400 if no aggregate can have this id */
    public static String requireValid(String id) {
        if (!AggregateIds.isValid(id)) {
            throw ProblemException.of(
                    400, "invalid-id", "aggregate id '%s': expected %s".formatted(id, AggregateIds.RULE));
        }
        return id;
    }

    public void answerHistory(Context ctx, Router router) {
        HistoryQuery.answer(ctx, router, this);
    }

    public void answerState(Context ctx, Router router) {
        StateQuery.answer(ctx, router, this);
    }

    /** The version of an aggregate; 0 if it has no events. */
    static long version(Shard shard, String id) {
        StoredRecord last = shard.last(new EventKey(id, 1).toBytes(), new EventKey(id, Long.MAX_VALUE).toBytes());
        return last == null ? 0 : EventKey.parse(last.key()).version();
    }

    /** Nothing from a version on is an answer, but only of an aggregate that exists. */
    public void requireAggregate(Shard shard, String id) {
        try (Shard.Range all = stream(shard, id, 1)) {
            if (!all.hasNext()) {
                throw notFound(shard, "%s '%s' has no events".formatted(name(), id));
            }
        }
    }

    /** 404, once it is sure that nothing is here. */
    static ProblemException notFound(Shard shard, String why) {
        shard.requireComplete();
        return ProblemException.of(404, "aggregate-not-found", why);
    }

    public static Shard.Range stream(Shard shard, String id, long from) {
        return EventReader.stream(shard, id, from);
    }

    /** From a version on. */
    public Versions versions(Iterator<StoredRecord> stream, long first) {
        return new Versions(stream, first, reader::isSummary);
    }

    /** A version as it is in answers: its event, or {@code {"version","erased":true,"id"}}. */
    public List<Response.Body> items(String aggregateId, Versions.Version version) {
        StoredRecord event = version.event();
        return event == null
                ? List.of(json -> writeErased(new EventKey(aggregateId, version.number()), json))
                : items(event);
    }

    public void writeErased(EventKey key, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", key.version());
        json.writeBooleanField("erased", true);
        json.writeStringField("id", reader.id(key));
        json.writeEndObject();
    }

    /**
     * A stored event as it is in answers: {@code {"version","type","time","id","data","headers"}}, in today's shape.
     *
     * <p>One item mostly. Where an upcaster splits the event, one for each part, and each says which {@code "part"} it
     * is of how many {@code "parts"}. One whose type is retired is shown as it was written, with
     * {@code "retired":true}; a summary says {@code "summary":true}; and one that this release can't read as an event
     * of its domain as it was written too, for a history is where people look when a fold has refused.
     */
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

    private void write(StoredRecord event, IndexedRecord data, JsonGenerator json, Response.Body more)
            throws IOException {
        Map<String, @Nullable String> headers = headers(event);
        EventKey key = EventKey.parse(event.key());
        json.writeStartObject();
        json.writeNumberField("version", key.version());
        more.write(json);
        json.writeStringField("type", data.getSchema().getFullName());
        json.writeStringField("time", headers.get(HeaderName.TIME.key()));
        json.writeStringField("id", Objects.requireNonNullElse(headers.get(HeaderName.ID.key()), reader.id(key)));
        json.writeFieldName("data");
        AvroToJson.write(data, json);
        json.writeObjectFieldStart("headers");
        for (Map.Entry<String, @Nullable String> header : headers.entrySet()) {
            json.writeStringField(header.getKey(), header.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Of a header that stands twice, the last counts. */
    private static Map<String, @Nullable String> headers(StoredRecord event) {
        Map<String, @Nullable String> headers = new LinkedHashMap<>();
        for (Header header : event.headers()) {
            byte[] value = header.value();
            headers.put(header.key(), value == null ? null : new String(value, StandardCharsets.UTF_8));
        }
        return headers;
    }
}
