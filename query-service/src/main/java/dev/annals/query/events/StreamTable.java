package dev.annals.query.events;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.query.routing.Router;
import dev.annals.query.routing.Visibility;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Response;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
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
 * Streams with their table: of the events of an aggregate, or the journal of a process's instance. Each record stands
 * under an {@link EventKey}. Thread-safe.
 */
public abstract sealed class StreamTable permits EventTable, JournalTable {

    private final String name;
    private final TopicTable table;

    StreamTable(String name, TopicTable table) {
        this.name = name;
        this.table = table;
    }

    /** Of the aggregate type or the process. */
    public final String name() {
        return name;
    }

    public final TopicTable table() {
        return table;
    }

    /** Of what {@link #answerState} answers as the state. */
    public abstract Schema stateSchema();

    /**
     * Lets an id through that a stream can have.
     *
     * @throws ProblemException 400 for any other
     */
    public abstract String requireValid(String id);

    /** What a stored record is in answers: {@code {"version","type","time","id","data","headers"}}, or several. */
    public abstract List<Response.Body> items(StoredRecord record);

    /** Whether what stands before it in its stream may be missing. */
    abstract boolean isSummary(StoredRecord record);

    /** The state that a stream adds up to; null where it has no records. */
    abstract @Nullable Folded state(Shard shard, String id, AsOf asOf);

    /** What its records are, for people. */
    abstract String records();

    /** 404: there is no such stream. */
    abstract ProblemException absent(String what);

    /** A state as of a record. */
    interface Folded {

        long version();

        /** A record of {@link #stateSchema}. */
        IndexedRecord state();

        /** Writes more members of the answer. */
        default void writeMore(JsonGenerator json) throws IOException {}
    }

    public final void answerHistory(Context ctx, Router router) {
        HistoryQuery.answer(ctx, router, this);
    }

    /** As it is or was. */
    public final void answerState(Context ctx, Router router) {
        StateQuery.answer(ctx, router, this);
    }

    /** As it is. */
    public final void answerStateNow(Context ctx, Router router) {
        StateQuery.answerNow(ctx, router, this);
    }

    /** The version of a stream; 0 if it has no records. */
    static long version(Shard shard, String id) {
        StoredRecord last =
                shard.last(new EventKey(id, 1).toBytes(), EventKey.last(id).toBytes());
        return last == null ? 0 : EventKey.parse(last.key()).version();
    }

    /** Nothing from a version on is an answer, but only of a stream that exists, and may be seen. */
    public final void requireStream(Shard shard, String id, Visibility visibility) {
        try (Shard.Range all = stream(shard, id, 1)) {
            if (!all.hasNext() || !isVisible(shard, id, visibility)) {
                throw notFound(shard, "%s '%s' has no %s".formatted(name, id, records()));
            }
        }
    }

    /** By what the stream adds up to now, also where its past is asked for: whose it was then does not count. */
    public final boolean isVisible(Shard shard, String id, Visibility visibility) {
        if (visibility.isAll()) {
            return true;
        }
        Folded now = state(shard, id, AsOf.END);
        return now != null && visibility.sees(id, now.state());
    }

    /** 404, once it is sure that nothing is here. */
    final ProblemException notFound(Shard shard, String what) {
        shard.requireComplete();
        return absent(what);
    }

    public static Shard.Range stream(Shard shard, String id, long from) {
        return shard.range(new EventKey(id, from).toBytes(), EventKey.last(id).toBytes());
    }

    /** The records up to a version, the last first. */
    static Shard.Range backwards(Shard shard, String id, long to) {
        return shard.backwards(new EventKey(id, 1).toBytes(), new EventKey(id, to).toBytes());
    }

    static @Nullable Instant time(StoredRecord record) {
        String time = HeaderName.TIME.in(record.headers());
        return time == null ? null : Instant.parse(time);
    }

    /** From a version on. */
    public final Versions versions(Iterator<StoredRecord> stream, long first) {
        return new Versions(stream, first, this::isSummary);
    }

    /**
     * From a version down to the first.
     *
     * @param stream the records up to that version, the last first
     * @param above the record behind them; null if there is none
     */
    final NewestFirst newestFirst(Iterator<StoredRecord> stream, @Nullable StoredRecord above, long from) {
        return new NewestFirst(stream, above, from, this::isSummary);
    }

    /** A version as it is in answers: its record, or {@code {"version","erased":true,"id"}}. */
    public final List<Response.Body> items(String id, Versions.Version version) {
        StoredRecord record = version.event();
        return record == null ? List.of(json -> writeErased(new EventKey(id, version.number()), json)) : items(record);
    }

    public final void writeErased(EventKey key, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", key.version());
        json.writeBooleanField("erased", true);
        json.writeStringField("id", id(key));
        json.writeEndObject();
    }

    /** A record's {@code ce_id}. */
    final String id(EventKey key) {
        return "%s/%s/%d".formatted(name, key.aggregateId(), key.version());
    }

    /** One item, with this as its data. */
    final void write(StoredRecord record, IndexedRecord data, JsonGenerator json, Response.Body more)
            throws IOException {
        Map<String, @Nullable String> headers = headers(record);
        EventKey key = EventKey.parse(record.key());
        json.writeStartObject();
        json.writeNumberField("version", key.version());
        more.write(json);
        json.writeStringField("type", data.getSchema().getFullName());
        json.writeStringField("time", headers.get(HeaderName.TIME.key()));
        json.writeStringField("id", Objects.requireNonNullElse(headers.get(HeaderName.ID.key()), id(key)));
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
    private static Map<String, @Nullable String> headers(StoredRecord record) {
        Map<String, @Nullable String> headers = new LinkedHashMap<>();
        for (Header header : record.headers()) {
            byte[] value = header.value();
            headers.put(header.key(), value == null ? null : new String(value, StandardCharsets.UTF_8));
        }
        return headers;
    }
}
