package dev.annals.engine.viewregistry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.kafka.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** An entry of the view registry: one record of {@code annals.views}. */
public sealed interface RegistryEntry permits Stop, Skip, Generation, CommandSkip {

    /** Of the record, see the package; a later entry of the same key replaces it. */
    String key();

    /** As it is written and shown; where it is about a view, {@code view} and {@code generation} come first. */
    ObjectNode json();

    default ProducerRecord<byte[], byte[]> toRecord(Topics topics) {
        return new ProducerRecord<>(
                topics.views(),
                EntryJson.ONLY_PARTITION,
                key().getBytes(StandardCharsets.UTF_8),
                EntryJson.write(json()));
    }
}
