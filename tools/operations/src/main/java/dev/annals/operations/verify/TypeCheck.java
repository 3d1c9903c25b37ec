package dev.annals.operations.verify;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Check of all events of a type. Each run makes its own clients; for any thread.
 *
 * @param idsKept how long a command id keeps a repeat from taking effect
 */
public record TypeCheck(KafkaAccess kafka, Duration idsKept) {

    /** With the command service's default. */
    public TypeCheck(KafkaAccess kafka) {
        this(kafka, Duration.ofHours(24));
    }

    /**
     * Reads the events up to these ends.
     *
     * @param ends null for those that the topic has now
     * @throws OperationFailedException if they can't be read to the end
     */
    public TypeReport run(AggregateBinding<?, ?, ?> type, int mostFindings, @Nullable Map<TopicPartition, Long> ends) {
        String name = type.type().name();
        try (Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            return run(name, kafka.topics().events(name), new EventDecoder(type, deserializer), mostFindings, ends);
        }
    }

    /** Likewise of a topic in which streams stand under the keys of events. */
    TypeReport run(
            String name,
            String topic,
            RecordDecoder decoder,
            int mostFindings,
            @Nullable Map<TopicPartition, Long> ends) {
        try (PartitionReader reader = new PartitionReader(kafka, List.of(topic))) {
            Map<TopicPartition, Long> to = Objects.requireNonNullElseGet(ends, reader::ends);
            StreamsReading read = StreamsReading.first(decoder, idsKept, mostFindings);
            reader.readTo(to, read::take);
            StreamsReading again = read.another();
            if (again != null) {
                read = again; // what the first has kept can go
                reader.seek(reader.begins());
                reader.readTo(to, read::take);
            }
            return read.report(name);
        }
    }
}
