package dev.annals.operations.backup;

import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.engine.reacting.ProcessCommandId;
import dev.annals.engine.reacting.ProcessTopology;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a process is, and those who decide for it, at one moment: what waits for them, of whatever service.
 *
 * @param toldUpTo events that were written before are told to its instances; later ones may be
 * @param settled by partition of its journals: commands of entries below are decided, or waited
 * @param undecided ids of the process's commands that waited
 */
record ProcessPosition(Instant toldUpTo, Map<Integer, Long> settled, List<String> undecided) {

    /** What clocks of brokers and of this machine may differ by. */
    private static final Duration MARGIN = Duration.ofMinutes(5);

    /** @param began when the process did: events before that are not its own */
    static ProcessPosition of(KafkaAccess kafka, Broker broker, ProcessBinding<?> process, Instant began) {
        Looking looking = new Looking(kafka, broker, Instant.now());
        String journals = kafka.topics().journal(process.name());
        Map<Integer, Long> settled = new TreeMap<>();
        try (PartitionReader reader = new PartitionReader(kafka, List.of(journals))) {
            reader.ends().forEach((partition, end) -> settled.put(partition.partition(), end));
        }
        List<String> undecided = new ArrayList<>();
        for (String type : process.followedTypes()) {
            looking.commands(type, looking::waits);
        }
        for (String type : process.commandedTypes()) {
            looking.commands(type, record -> {
                ProcessCommandId id = ProcessCommandId.parse(process.name(), HeaderName.ID.in(record.headers()));
                if (id != null) {
                    undecided.add(id.toString());
                }
            });
        }
        String group = kafka.topics().prefix() + ProcessTopology.applicationId(process.name());
        for (String type : process.followedTypes()) {
            looking.pending(group, kafka.topics().events(type), began, looking::waits);
        }
        looking.pending(group, ProcessTopology.inputs(kafka.topics(), process.name()), Instant.EPOCH, looking::waits);
        return new ProcessPosition(looking.oldest.minus(MARGIN), settled, undecided);
    }

    private static final class Looking {

        private final KafkaAccess kafka;
        private final Broker broker;
        private Instant oldest;

        private Looking(KafkaAccess kafka, Broker broker, Instant now) {
            this.kafka = kafka;
            this.broker = broker;
            this.oldest = now;
        }

        private void waits(ConsumerRecord<byte[], byte[]> record) {
            Instant time = Instant.ofEpochMilli(Math.max(0, record.timestamp()));
            oldest = time.isBefore(oldest) ? time : oldest;
        }

        /** An event has the time of its command. */
        private void commands(String type, Consumer<ConsumerRecord<byte[], byte[]>> to) {
            pending(kafka.topics().commandGroup(type), kafka.topics().commands(type), Instant.EPOCH, to);
        }

        /** What a group has not taken of a topic; where it has taken nothing, what is not older than that. */
        private void pending(
                String group, String topic, Instant notBefore, Consumer<ConsumerRecord<byte[], byte[]>> to) {
            if (!broker.topics().contains(topic)) {
                return;
            }
            try (PartitionReader reader = new PartitionReader(kafka, List.of(topic))) {
                Map<TopicPartition, Long> ends =
                        broker.offsets(reader.ends().keySet(), OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
                Map<TopicPartition, Long> begins =
                        broker.offsets(ends.keySet(), OffsetSpec.forTimestamp(notBefore.toEpochMilli()));
                Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>(broker.committed(group));
                Map<TopicPartition, Long> from = new HashMap<>();
                ends.forEach((partition, end) -> {
                    OffsetAndMetadata taken = committed.get(partition);
                    long begin = begins.getOrDefault(partition, -1L);
                    from.put(partition, taken != null ? taken.offset() : begin < 0 ? end : begin);
                });
                reader.seek(from);
                reader.readTo(ends, record -> {
                    if (record.timestamp() >= notBefore.toEpochMilli()) {
                        to.accept(record);
                    }
                });
            }
        }
    }
}
