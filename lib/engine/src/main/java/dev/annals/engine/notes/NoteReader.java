package dev.annals.engine.notes;

import dev.annals.engine.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Reads {@code annals.views} from its start, for as long as it is asked. For one thread. */
public final class NoteReader {

    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final ViewNotes notes;
    private final Duration limit;
    private final long end;

    /**
     * A reader at the start of the topic.
     *
     * @param consumer without a group, reading what is committed; belongs to this reader, but is not closed by it
     * @param limit of each question to the broker
     * @throws org.apache.kafka.common.KafkaException if the broker does not answer in time
     */
    public NoteReader(Consumer<byte[], byte[]> consumer, Topics topics, ViewNotes notes, Duration limit) {
        this.consumer = consumer;
        this.partition = new TopicPartition(topics.views(), NoteJson.ONLY_PARTITION);
        this.notes = notes;
        this.limit = limit;
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        this.end = Objects.requireNonNullElse(
                consumer.endOffsets(List.of(partition), limit).get(partition), 0L);
    }

    /**
     * Takes what has come into the notes, or waits for it.
     *
     * @return whether everything that was there when the reader was made has been taken
     */
    public boolean poll(Duration wait) {
        consumer.poll(wait).forEach(notes::take);
        return consumer.position(partition, limit) >= end;
    }
}
