package dev.annals.projector;

import dev.annals.api.View;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import dev.annals.testsupport.kafka.KafkaCluster;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A view's topic as a table, read as any client reads it. */
record Rows(KafkaCluster kafka, Topics topics, AvroSerdes serdes) {

    <R extends Record> SortedMap<String, R> of(View<?, R> view) {
        return of(view, view.version());
    }

    /** Of one generation. */
    <R extends Record> SortedMap<String, R> of(View<?, R> view, int generation) {
        RecordBinding<R> binding = RecordBinding.of("annals.views." + view.row().getSimpleName(), view.row());
        SortedMap<String, R> rows = new TreeMap<>();
        try (var deserializer = serdes.newDeserializer()) {
            for (ConsumerRecord<byte[], byte[]> record : kafka.records(topics.view(view.name(), generation))) {
                String key = new String(record.key(), StandardCharsets.UTF_8);
                if (record.value() == null) {
                    rows.remove(key);
                } else {
                    IndexedRecord row = (IndexedRecord) deserializer.deserialize(record.topic(), record.value());
                    rows.put(key, binding.fromAvro(row));
                }
            }
        }
        return rows;
    }
}
