package dev.annals.query.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.core.json.AvroToJson;
import dev.annals.core.kafka.EventKey;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A topic that can be read live.
 *
 * @param name for logs
 */
record LiveFeed(String name, TopicTable table, Writer writer) {

    /** Writes a record as the JSON of an event. */
    @FunctionalInterface
    interface Writer {
        void write(ConsumerRecord<byte[], byte[]> change, JsonGenerator json) throws IOException;
    }

    /** Every event of a type, as in its stream; of an erased one the id, the version and {@code "removed":true}. */
    static LiveFeed of(EventTable<?, ?, ?> type) {
        return new LiveFeed("events of " + type.name(), type.table(), (change, json) -> {
            if (change.value() != null) {
                type.write(stored(change), json);
                return;
            }
            EventKey key = EventKey.parse(change.key());
            json.writeStartObject();
            json.writeStringField("id", "%s/%s/%d".formatted(type.name(), key.aggregateId(), key.version()));
            json.writeNumberField("version", key.version());
            json.writeBooleanField("removed", true);
            json.writeEndObject();
        });
    }

    /** Every change of a view: the row as it is then; of a removed one the id and {@code "removed":true}. */
    static LiveFeed of(ViewTable view) {
        return new LiveFeed("changes of " + view.name(), view.table(), (change, json) -> {
            if (change.value() != null) {
                AvroToJson.write(view.row(stored(change)), json);
                return;
            }
            json.writeStartObject();
            json.writeStringField("id", new String(change.key(), StandardCharsets.UTF_8));
            json.writeBooleanField("removed", true);
            json.writeEndObject();
        });
    }

    private static StoredRecord stored(ConsumerRecord<byte[], byte[]> change) {
        return new StoredRecord(change.key(), change.value(), change.headers());
    }
}
