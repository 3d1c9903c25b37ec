package dev.annals.query.table;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells {@link Progress} where the consumer of a stream thread stands in a table's topic. Its position is the only sign
 * that nothing but transaction markers is left before the end of a partition. Made by Kafka's consumer.
 */
public final class ProgressInterceptor implements ConsumerInterceptor<byte[], byte[]> {

    /** The {@link Progress} object, in the consumer's configuration. */
    static final String PROGRESS = "annals.query.progress";

    /** The name of the topic, likewise: the consumer that restores reads what {@link SideStore}s keep too. */
    static final String TOPIC = "annals.query.topic";

    private Progress progress = Progress.ofActives();
    private String topic = "";

    @Override
    public void configure(Map<String, ?> configs) {
        progress = (Progress) Objects.requireNonNull(configs.get(PROGRESS), PROGRESS);
        topic = (String) Objects.requireNonNull(configs.get(TOPIC), TOPIC);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            if (isOfTable(partition)) {
                List<ConsumerRecord<byte[], byte[]>> delivered = records.records(partition);
                progress.delivered(partition.partition(), delivered.getLast().offset());
            }
        }
        records.nextOffsets().forEach((partition, next) -> {
            if (isOfTable(partition)) {
                progress.position(partition.partition(), next.offset());
            }
        });
        return records;
    }

    private boolean isOfTable(TopicPartition partition) {
        return partition.topic().equals(topic);
    }

    @Override
    public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        // commits lag behind what the store has
    }

    @Override
    public void close() {
        // nothing is held
    }
}
