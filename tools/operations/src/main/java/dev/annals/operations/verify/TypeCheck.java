package dev.annals.operations.verify;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Check of all events of a type, up to the ends that its topic has at the start. Each run makes its own clients; for
 * any thread.
 */
public final class TypeCheck {

    /** The default of the command service. */
    static final Duration IDS_KEPT = Duration.ofHours(24);

    private final KafkaAccess kafka;
    private final Duration idsKept;

    public TypeCheck(KafkaAccess kafka) {
        this(kafka, IDS_KEPT);
    }

    /** @param idsKept how long a command id keeps a repeat from taking effect */
    TypeCheck(KafkaAccess kafka, Duration idsKept) {
        this.kafka = kafka;
        this.idsKept = idsKept;
    }

    /**
     * Reads up to the ends that the topic has now.
     *
     * @throws OperationFailedException if they can't be read to the end
     */
    public TypeReport run(AggregateBinding<?, ?, ?> type, int mostFindings) {
        try (PartitionReader reader = reader(type)) {
            return run(type, mostFindings, reader, reader.ends());
        }
    }

    /**
     * Reads up to these ends.
     *
     * @throws OperationFailedException if they can't be read to the end
     */
    public TypeReport run(AggregateBinding<?, ?, ?> type, int mostFindings, Map<TopicPartition, Long> ends) {
        try (PartitionReader reader = reader(type)) {
            return run(type, mostFindings, reader, ends);
        }
    }

    private PartitionReader reader(AggregateBinding<?, ?, ?> type) {
        return new PartitionReader(
                kafka, List.of(kafka.topics().events(type.type().name())));
    }

    private TypeReport run(
            AggregateBinding<?, ?, ?> type, int mostFindings, PartitionReader reader, Map<TopicPartition, Long> ends) {
        try (Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            StreamsReading read = StreamsReading.first(new EventDecoder(type, deserializer), idsKept, mostFindings);
            reader.readTo(ends, read::take);
            if (read.needsAnother()) {
                read = read.another();
                reader.seek(reader.begins());
                reader.readTo(ends, read::take);
            }
            return TypeReport.of(type.type().name(), read);
        }
    }
}
