package dev.annals.query.live;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Tombstones;
import dev.annals.query.events.StreamTable;
import dev.annals.query.routing.Visibility;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import dev.annals.query.views.ViewTable;
import dev.annals.service.http.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A topic that can be read live.
 *
 * @param name for logs
 */
record LiveFeed(String name, TopicTable table, Items items) {

    /** What is sent of a record: one JSON value, several, or none. */
    @FunctionalInterface
    interface Items {
        List<Response.Body> of(ConsumerRecord<byte[], byte[]> change);
    }

    /**
     * Every event of a type, as in its stream; of an erased one {@code {"version","erased":true,"id"}}, of an expired
     * one nothing.
     */
    static LiveFeed of(StreamTable type) {
        return new LiveFeed("events of " + type.name(), type.table(), change -> items(type, change));
    }

    /** None of a record whose key is none of an event: no history shows it either. */
    private static List<Response.Body> items(StreamTable type, ConsumerRecord<byte[], byte[]> change) {
        EventKey key;
        try {
            key = EventKey.parse(change.key());
        } catch (IllegalArgumentException e) {
            return List.of();
        }
        if (change.value() != null) {
            return type.items(stored(change));
        }
        return Tombstones.isExpired(change.value(), change.headers())
                ? List.of()
                : List.of(json -> type.writeErased(key, json));
    }

    /**
     * Every change of a view: the row as it is then; of a removed one the id and {@code "removed":true}. Of rows that
     * not everybody may see nothing tells whose a removed one was, so nobody is told of it who may not see all.
     */
    static LiveFeed of(ViewTable view, Visibility visibility) {
        return new LiveFeed("changes of " + view.name(), view.table(), change -> changes(view, change, visibility));
    }

    private static List<Response.Body> changes(
            ViewTable view, ConsumerRecord<byte[], byte[]> change, Visibility visibility) {
        if (change.value() == null) {
            return visibility.isAll() ? List.of(json -> writeRemoved(change, json)) : List.of();
        }
        IndexedRecord row = view.row(stored(change));
        return visibility.sees(row) ? List.of(json -> AvroToJson.write(row, json)) : List.of();
    }

    private static void writeRemoved(ConsumerRecord<byte[], byte[]> change, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", new String(change.key(), StandardCharsets.UTF_8));
        json.writeBooleanField("removed", true);
        json.writeEndObject();
    }

    private static StoredRecord stored(ConsumerRecord<byte[], byte[]> change) {
        return new StoredRecord(change.key(), change.value(), change.headers());
    }
}
