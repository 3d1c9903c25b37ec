package dev.annals.operations.verify;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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

    /**
     * Likewise of the journals of a process.
     *
     * @param leftOut entries that are read as if they were not there
     */
    public TypeReport run(
            ProcessBinding<?> process,
            int mostFindings,
            @Nullable Map<TopicPartition, Long> ends,
            Predicate<EventKey> leftOut) {
        try (Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            return run(
                    process.name(),
                    kafka.topics().journal(process.name()),
                    new JournalDecoder(deserializer),
                    mostFindings,
                    ends,
                    leftOut);
        }
    }

    /** Likewise of a topic in which streams stand under the keys of events. */
    TypeReport run(
            String name,
            String topic,
            RecordDecoder decoder,
            int mostFindings,
            @Nullable Map<TopicPartition, Long> ends) {
        return run(name, topic, decoder, mostFindings, ends, any -> false);
    }

    private TypeReport run(
            String name,
            String topic,
            RecordDecoder decoder,
            int mostFindings,
            @Nullable Map<TopicPartition, Long> ends,
            Predicate<EventKey> leftOut) {
        try (PartitionReader reader = new PartitionReader(kafka, List.of(topic))) {
            Map<TopicPartition, Long> to = Objects.requireNonNullElseGet(ends, reader::ends);
            StreamsReading read = StreamsReading.first(decoder, idsKept, mostFindings);
            reader.readTo(to, kept(leftOut, read));
            StreamsReading again = read.another();
            if (again != null) {
                read = again; // what the first has kept can go
                reader.seek(reader.begins());
                reader.readTo(to, kept(leftOut, read));
            }
            return read.report(name);
        }
    }

    private static Consumer<ConsumerRecord<byte[], byte[]>> kept(Predicate<EventKey> leftOut, StreamsReading to) {
        return record -> {
            if (!isLeftOut(record, leftOut)) {
                to.take(record);
            }
        };
    }

    private static boolean isLeftOut(ConsumerRecord<byte[], byte[]> record, Predicate<EventKey> leftOut) {
        try {
            return leftOut.test(EventKey.parse(record.key()));
        } catch (IllegalArgumentException e) {
            return false; // found by the reading
        }
    }
}
