package dev.annals.query.table;

import dev.annals.engine.kafka.AvroSerdes;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Values of stored records as Avro. Deserializers are for one thread at a time, so they are lent. Thread-safe. */
public final class RecordDecoder {

    private final AvroSerdes serdes;
    private final Queue<Deserializer<Object>> idle = new ConcurrentLinkedQueue<>();

    public RecordDecoder(AvroSerdes serdes) {
        this.serdes = serdes;
    }

    public IndexedRecord decode(String topic, StoredRecord record) {
        Deserializer<Object> deserializer = idle.poll();
        if (deserializer == null) {
            deserializer = serdes.newDeserializer();
        }
        try {
            return (IndexedRecord) deserializer.deserialize(topic, record.headers(), record.value());
        } finally {
            idle.add(deserializer);
        }
    }
}
