package dev.annals.operations.backup;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.reacting.JournalEntry;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.engine.reacting.ProcessCommandId;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Reads the journals of a process, which end later than the events of a backup, for what is to be left out: from the
 * first entry of an instance on that knows of an event, or of the effect of a command, that is not in the backup.
 * Mutable, for one thread.
 */
final class JournalCut {

    private final KafkaAccess kafka;
    private final ProcessBinding<?> process;
    private final Beyond beyond;
    private final SortedMap<String, Long> leftOut = new TreeMap<>();
    private final Map<String, Set<String>> withdrawn = new HashMap<>();

    /** When what instances are parked with was written, by instance. */
    private final Map<String, Instant> parked = new HashMap<>();

    /**
     * What is behind the ends of a backup.
     *
     * @param events by {@code <type>/<key>}
     * @param causes ids of commands that took effect there
     */
    record Beyond(Set<String> events, Set<String> causes) {

        /** Reads what is behind these ends now, of topics of events. */
        static Beyond of(
                KafkaAccess kafka, Broker broker, Map<String, String> typesByTopic, Map<TopicPartition, Long> ends) {
            Beyond beyond = new Beyond(new HashSet<>(), new HashSet<>());
            try (PartitionReader reader = new PartitionReader(kafka, typesByTopic.keySet())) {
                reader.seek(ends);
                Map<TopicPartition, Long> now =
                        broker.offsets(ends.keySet(), OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
                reader.readTo(now, record -> {
                    beyond.events.add(typesByTopic.get(record.topic()) + "/" + text(record.key()));
                    String cause = HeaderName.CAUSATION_ID.in(record.headers());
                    if (cause != null) {
                        beyond.causes.add(cause);
                    }
                });
            }
            return beyond;
        }

        private static String text(byte[] key) {
            return new String(Objects.requireNonNullElse(key, new byte[0]), StandardCharsets.UTF_8);
        }
    }

    JournalCut(KafkaAccess kafka, ProcessBinding<?> process, Beyond beyond) {
        this.kafka = kafka;
        this.process = process;
        this.beyond = beyond;
    }

    /** @throws OperationFailedException if the journals can't be read */
    JournalCut run(Map<TopicPartition, Long> ends) {
        String topic = kafka.topics().journal(process.name());
        try (PartitionReader reader = new PartitionReader(kafka, List.of(topic));
                Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            reader.readTo(ends, record -> take(record, deserializer));
        }
        return this;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Deserializer<Object> deserializer) {
        EventKey key;
        try {
            key = EventKey.parse(record.key());
        } catch (IllegalArgumentException e) {
            return; // found and told by who checks the streams
        }
        if (record.value() == null) {
            return;
        }
        JournalEntry entry;
        try {
            entry = JournalEntry.of(
                    (GenericRecord) deserializer.deserialize(record.topic(), record.headers(), record.value()));
        } catch (SerializationException e) {
            if (RegistryFailures.mayPass(e)) {
                throw new OperationFailedException("the registry: " + RegistryFailures.describe(e), e);
            }
            return; // likewise
        }
        String id = key.aggregateId();
        if (!leftOut.containsKey(id) && isBeyond(id, entry)) {
            leftOut.put(id, key.version());
        }
        if (leftOut.containsKey(id)) {
            entry.sent()
                    .forEach(sent -> withdrawn
                            .computeIfAbsent(sent.type(), any -> new HashSet<>())
                            .add(new ProcessCommandId(process.name(), id, sent.number()).toString()));
        } else if (entry.failure() == null) {
            parked.remove(id);
        } else {
            parked.putIfAbsent(id, Instant.ofEpochMilli(Math.max(0, record.timestamp())));
        }
    }

    private boolean isBeyond(String id, JournalEntry entry) {
        JournalEntry.Happened happened = entry.happened();
        JournalEntry.Answer answer = entry.answer();
        return (happened != null && beyond.events().contains(happened.type() + "/" + happened.key()))
                || (answer != null
                        && answer.accepted()
                        && beyond.causes()
                                .contains(new ProcessCommandId(process.name(), id, answer.number()).toString()));
    }

    /** By instance, the number of the first entry that is left out. */
    SortedMap<String, Long> leftOut() {
        return leftOut;
    }

    /** The oldest that instances are parked with; what waits for them is told again from there on. */
    Instant oldestParked(Instant otherwise) {
        return parked.values().stream().reduce(otherwise, (a, b) -> b.isBefore(a) ? b : a);
    }

    /**
     * Looks whether events of the backup were caused by an entry that is left out. Ends of topics are asked for at one
     * moment, and a chain of cause and effect takes longer than that, unless something stands still.
     *
     * @throws OperationFailedException if there is one
     */
    void requireConsistent(Map<TopicPartition, Long> ends) {
        withdrawn.forEach((type, ids) -> {
            String topic = kafka.topics().events(type);
            Map<TopicPartition, Long> ofType = new HashMap<>(ends);
            ofType.keySet().removeIf(partition -> !partition.topic().equals(topic));
            try (PartitionReader reader = new PartitionReader(kafka, List.of(topic))) {
                reader.readTo(ofType, record -> {
                    if (ids.contains(String.valueOf(HeaderName.CAUSATION_ID.in(record.headers())))) {
                        throw new OperationFailedException(
                                "%s went on while the ends of its topics were looked up, and the backup holds an effect without its cause: run the same command again, it takes what is missing"
                                        .formatted(process.name()));
                    }
                });
            }
        });
    }
}
