package dev.annals.engine.notes;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.kafka.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** One record of {@code annals.views}. */
public sealed interface ViewNote permits Stop, Skip, Generation {

    ViewId view();

    /** The note's own key: a later note of the same key replaces it. */
    String noteKey();

    /** As it is written and shown; {@code view} and {@code version} come first. */
    ObjectNode json();

    /** The note as a record of the topic. */
    default ProducerRecord<byte[], byte[]> toRecord(Topics topics) {
        return new ProducerRecord<>(
                topics.views(),
                NoteJson.ONLY_PARTITION,
                noteKey().getBytes(StandardCharsets.UTF_8),
                NoteJson.write(json()));
    }
}
