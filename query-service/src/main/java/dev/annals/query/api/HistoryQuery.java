package dev.annals.query.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.core.json.AvroToJson;
import dev.annals.core.kafka.EventKey;
import dev.annals.core.kafka.HeaderName;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.service.http.Requests;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/{type}/{id}/events}: a part of a stream, in order.
 *
 * @param from the first version
 */
record HistoryQuery(Router router, EventTable<?, ?, ?> events, String id, long from, int limit, Target target)
        implements Query {

    static HistoryQuery of(Router router, EventTable<?, ?, ?> events, Context ctx, String id) {
        Parameters.allowOnly(ctx, List.of(Parameters.FROM, Parameters.LIMIT, Parameters.CURSOR));
        byte[] after = Cursor.read(ctx.queryParam(Parameters.CURSOR));
        long from = Requests.wholeNumber(ctx, Parameters.FROM, 1, 1, Long.MAX_VALUE);
        return new HistoryQuery(
                router,
                events,
                StateQuery.aggregateId(id),
                after == null ? from : version(after) + 1,
                Parameters.limit(ctx, Parameters.DEFAULT_EVENTS),
                Target.of(ctx));
    }

    private static long version(byte[] key) {
        try {
            return EventKey.parse(key).version();
        } catch (IllegalArgumentException e) {
            throw Parameters.invalid(Parameters.CURSOR, "the nextCursor of an earlier page", "another one");
        }
    }

    @Override
    public Answer answer(Patience patience) {
        return router.route(
                events.table(), id.getBytes(StandardCharsets.UTF_8), target, patience, Duration.ZERO, this::here);
    }

    private Answer here(Shard shard) {
        try (Shard.Range stream = EventTable.stream(shard, id, from)) {
            if (!stream.hasNext()) {
                requireAggregate(shard);
            }
            return Answer.json(json -> page(stream, json));
        }
    }

    /** Nothing from a version on is an answer, but only of an aggregate that exists. */
    private void requireAggregate(Shard shard) {
        try (Shard.Range all = EventTable.stream(shard, id, 1)) {
            if (!all.hasNext()) {
                throw StateQuery.notFound(events.name(), id);
            }
        }
    }

    private void page(Shard.Range stream, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("items");
        StoredRecord last = null;
        for (int i = 0; i < limit && stream.hasNext(); i++) {
            last = stream.next();
            event(last, json);
        }
        json.writeEndArray();
        json.writeStringField(
                "nextCursor",
                stream.hasNext() ? Cursor.after(Objects.requireNonNull(last).key()) : null);
        json.writeEndObject();
    }

    private void event(StoredRecord event, JsonGenerator json) throws IOException {
        IndexedRecord data = events.decode(event);
        Map<String, @Nullable String> headers = headers(event);
        long version = EventKey.parse(event.key()).version();
        json.writeStartObject();
        json.writeNumberField("version", version);
        json.writeStringField(
                "type",
                Objects.requireNonNullElse(
                        headers.get(HeaderName.TYPE.key()), data.getSchema().getFullName()));
        json.writeStringField("time", headers.get(HeaderName.TIME.key()));
        json.writeStringField(
                "id",
                Objects.requireNonNullElse(
                        headers.get(HeaderName.ID.key()), "%s/%s/%d".formatted(events.name(), id, version)));
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
