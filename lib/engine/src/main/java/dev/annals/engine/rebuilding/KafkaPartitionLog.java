package dev.annals.engine.rebuilding;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records with a consumer of its own, in no group, with the settings of the Streams application that needs
 * them.
 */
public final class KafkaPartitionLog implements PartitionLog {

    /** For one question about offsets. */
    private static final Duration OFFSETS_LIMIT = Duration.ofSeconds(10);

    /** The stream thread has other partitions that wait. */
    private static final Duration POLL = Duration.ofMillis(100);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);
    private static final int RECORDS_A_POLL = 2_000;

    private final TopicPartition partition;
    private final Map<String, Object> consumerConfig;
    private final Map<String, Object> adminConfig;
    private final long begin;
    private final long end;
    private @Nullable Consumer<byte[], byte[]> consumer;

    /**
     * Looks where the records begin and end.
     *
     * @param streams the application's whole configuration, as it was given to Kafka Streams
     */
    public KafkaPartitionLog(Map<String, Object> streams, TopicPartition partition) {
        StreamsConfig config = new StreamsConfig(streams);
        String client = config.getString(StreamsConfig.APPLICATION_ID_CONFIG) + "-rebuild-" + partition.partition();
        this.partition = partition;
        this.consumerConfig = config.getRestoreConsumerConfigs(client);
        consumerConfig.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumerConfig.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, RECORDS_A_POLL);
        this.adminConfig = config.getAdminConfigs(client);
        try (Admin admin = Admin.create(adminConfig)) {
            this.begin = ask(admin, OffsetSpec.earliest()).offset();
            this.end = ask(admin, OffsetSpec.latest()).offset();
        }
    }

    /** A consumer that reads what is committed would not be told of an end beyond that. */
    private ListOffsetsResultInfo ask(Admin admin, OffsetSpec which) {
        try {
            return admin.listOffsets(Map.of(partition, which), new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                    .partitionResult(partition)
                    .get(OFFSETS_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    "where %s begins and ends is not known".formatted(partition), e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    @Override
    public long begin() {
        return begin;
    }

    @Override
    public long end() {
        return end;
    }

    @Override
    public long firstSince(long time) {
        OffsetAndTimestamp found = consumer()
                .offsetsForTimes(Map.of(partition, time), OFFSETS_LIMIT)
                .get(partition);
        return found == null ? end : found.offset();
    }

    @Override
    public long newest() {
        try (Admin admin = Admin.create(adminConfig)) {
            return ask(admin, OffsetSpec.maxTimestamp()).timestamp();
        }
    }

    @Override
    public void seek(long offset) {
        consumer().seek(partition, offset);
    }

    private Consumer<byte[], byte[]> consumer() {
        Consumer<byte[], byte[]> opened = consumer;
        if (opened == null) {
            opened = new KafkaConsumer<>(consumerConfig, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            opened.assign(Set.of(partition));
            consumer = opened;
        }
        return opened;
    }

    @Override
    public List<ConsumerRecord<byte[], byte[]>> poll() {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        consumer().poll(POLL).forEach(records::add);
        return records;
    }

    @Override
    public long position() {
        return consumer().position(partition, OFFSETS_LIMIT);
    }

    @Override
    public void close() {
        if (consumer != null) {
            consumer.close(CloseOptions.timeout(CLOSE_LIMIT));
        }
    }
}
