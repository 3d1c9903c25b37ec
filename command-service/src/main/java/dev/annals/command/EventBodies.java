package dev.annals.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import dev.annals.lanes.CommandAnswer;
import dev.annals.service.http.Json;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Record;

/** The events of an answer as JSON: what its result says of each, with its data. Thread-safe. */
final class EventBodies implements AutoCloseable {

    private final Topics topics;
    private final Deserializer<Object> deserializer;

    EventBodies(Topics topics, AvroSerdes serdes) {
        this.topics = topics;
        this.deserializer = serdes.newDeserializer();
    }

    /** One for each event of the answer, in order; none where it has no records, as that of a repeat. */
    List<JsonNode> of(CommandAnswer answer) {
        String topic = topics.events(answer.result().aggregateType());
        List<JsonNode> bodies = new ArrayList<>();
        for (int i = 0; i < answer.events().size(); i++) {
            ObjectNode body = Json.mapper().valueToTree(answer.result().events().get(i));
            body.set("data", AvroToJson.toTree(read(topic, answer.events().get(i))));
            bodies.add(body);
        }
        return bodies;
    }

    /** A deserializer serves one thread at a time. */
    private synchronized IndexedRecord read(String topic, Record<byte[], byte[]> event) {
        return (IndexedRecord) deserializer.deserialize(topic, event.headers(), event.value());
    }

    @Override
    public synchronized void close() {
        deserializer.close();
    }
}
