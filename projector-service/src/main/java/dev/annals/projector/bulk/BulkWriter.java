package dev.annals.projector.bulk;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.projecting.MemoryBuild;
import dev.annals.engine.projecting.ViewTopology;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a build in memory comes to, all in one transaction with the offsets of the group that goes on from there.
 * A newer writer of the same group ends the transaction of an older one, which can't commit any more. Entries and rows
 * come from any threads, all else from one.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a record that is not written fails the commit
final class BulkWriter implements MemoryBuild.Output, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BulkWriter.class);

    /** From the first entry to the commit; brokers allow no more, unless they are told to. */
    static final Duration TRANSACTION_LIMIT = Duration.ofMinutes(15);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

    private static final int LINGER_MILLIS = 20;
    private static final int BATCH_BYTES = 1 << 18;

    private final KafkaClients clients;
    private final String group;
    private final String rowsTopic;
    private final Producer<byte[], byte[]> producer;
    private boolean open;

    /** @param group of the generation whose stores and rows it writes */
    BulkWriter(KafkaClients clients, String group, String rowsTopic) {
        this.clients = clients;
        this.group = group;
        this.rowsTopic = rowsTopic;
        this.producer = clients.producer(Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                ViewTopology.builders(group),
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                (int) TRANSACTION_LIMIT.toMillis(),
                ProducerConfig.LINGER_MS_CONFIG,
                LINGER_MILLIS,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                (int) clients.limit().multipliedBy(2).toMillis(),
                ProducerConfig.BATCH_SIZE_CONFIG,
                BATCH_BYTES));
    }

    /** Ends the transaction of whoever wrote before; what they had committed can then be seen. */
    void begin() {
        producer.initTransactions();
        producer.beginTransaction();
        open = true;
    }

    @Override
    public void entry(String store, @Nullable Integer partition, byte[] key, byte[] value) {
        producer.send(new ProducerRecord<>(ViewTopology.changelog(group, store), partition, key, value));
    }

    @Override
    public void row(Record<byte[], byte[]> row) {
        producer.send(new ProducerRecord<>(rowsTopic, null, row.timestamp(), row.key(), row.value(), row.headers()));
    }

    /** Whatever could not be written fails this, and all of it. */
    void commit(Map<TopicPartition, OffsetAndMetadata> offsets) {
        producer.sendOffsetsToTransaction(offsets, ofGroup());
        producer.commitTransaction();
        open = false;
    }

    /** As one who is no member of it. */
    private ConsumerGroupMetadata ofGroup() {
        try (Consumer<byte[], byte[]> outside = clients.consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, group))) {
            return outside.groupMetadata();
        }
    }

    /** An open transaction is ended without effect: now, or if that can't be had by the next writer's beginning. */
    @Override
    public void close() {
        try {
            if (open) { // to close alone takes as long as a request may where nothing was written yet
                producer.abortTransaction();
            }
        } catch (KafkaException e) {
            LOG.atDebug().addKeyValue("group", group).setCause(e).log("not aborted here");
        } finally {
            producer.close(CLOSE_LIMIT);
        }
    }
}
