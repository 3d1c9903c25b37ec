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
 * Tells {@link Progress} where the consumer of a stream thread stands. Its position is the only sign that nothing but
 * transaction markers is left before the end of a partition. Made by Kafka's consumer.
 */
public final class ProgressInterceptor implements ConsumerInterceptor<byte[], byte[]> {

    /** The {@link Progress} object, in the consumer's configuration. */
    static final String PROGRESS = "annals.query.progress";

    private Progress progress = Progress.ofActives();

    @Override
    public void configure(Map<String, ?> configs) {
        progress = (Progress) Objects.requireNonNull(configs.get(PROGRESS), PROGRESS);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
        for (TopicPartition partition : records.partitions()) {
            List<ConsumerRecord<byte[], byte[]>> delivered = records.records(partition);
            progress.delivered(partition.partition(), delivered.getLast().offset());
        }
        records.nextOffsets().forEach((partition, next) -> progress.position(partition.partition(), next.offset()));
        return records;
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
