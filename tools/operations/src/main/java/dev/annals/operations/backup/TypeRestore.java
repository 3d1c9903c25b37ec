package dev.annals.operations.backup;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.backup.Manifest.BackedUpFile;
import dev.annals.operations.backup.Manifest.BackedUpSchema;
import dev.annals.operations.backup.Manifest.BackedUpType;
import dev.annals.operations.backup.Restore.CommandServicesRunException;
import dev.annals.operations.kafka.PartitionReader;
import dev.annals.serde.registry.RegistryException;
import dev.annals.serde.registry.SchemaRegistryClient;
import dev.annals.service.TopicSettings;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Writes the events of one type from a backup into its topic, partition by partition of the backup.
 *
 * <p>In transactions of {@link #CHUNK} records, each of which also commits how many records are written, as the offset
 * of the group {@link #group} and with the id and the size of the backup: a restore that is broken off goes on behind
 * the last chunk.
 */
final class TypeRestore {

    /** Records in a transaction. */
    static final int CHUNK = 5_000;

    private final EventTopic topic;
    private final BackupFolder folder;
    private final SchemaRegistryClient registry;
    private final BackedUpType type;
    private final ProgressListener progress;

    /** Notes how far the restore is, at {@link #place}. */
    private final String group;

    private final TopicPartition place;

    /** Of what restores into the group; a backup that has grown since has other records at the same place. */
    private final String metadata;

    private final ConsumerGroupMetadata groupMetadata;
    private final Map<Integer, Integer> schemaIds = new HashMap<>();
    private long done;
    private long read;

    TypeRestore(
            EventTopic topic,
            BackupFolder folder,
            SchemaRegistryClient registry,
            String backupId,
            BackedUpType type,
            ProgressListener progress) {
        this.topic = topic;
        this.folder = folder;
        this.registry = registry;
        this.type = type;
        this.progress = progress;
        this.group = topic.kafka().topics().prefix() + "annals-restore-" + type.type();
        this.place = new TopicPartition(topic.name(), 0);
        this.metadata = backupId + "/" + type.records();
        this.groupMetadata = topic.kafka().groupMetadata(group);
    }

    BackedUpType type() {
        return type;
    }

    /** @throws CommandServicesRunException if any decide the type now */
    void requireStopped() {
        List<String> deciders = topic.deciders();
        if (!deciders.isEmpty()) {
            throw new CommandServicesRunException(type.type(), deciders);
        }
    }

    /** Finds how many records of this backup are in the topic; refuses a topic with any others. */
    void findWritten() {
        TopicDescription existing = topic.existing();
        if (existing == null || topic.isEmpty(existing.partitions().size())) {
            return;
        }
        endPredecessor();
        topic.awaitVisible(existing.partitions().size());
        OffsetAndMetadata noted = topic.broker().committed(group).get(place);
        long written = noted != null && noted.metadata().equals(metadata) ? noted.offset() : 0;
        AtomicLong there = new AtomicLong();
        try (PartitionReader reader = new PartitionReader(topic.kafka(), List.of(topic.name()))) {
            reader.readTo(reader.ends(), record -> there.incrementAndGet());
        }
        if (there.get() != written) {
            throw new OperationFailedException(
                    "%s holds %,d records, %,d of them from this backup: restore into an installation without events"
                            .formatted(topic.name(), there.get(), written));
        }
        done = written;
    }

    /** Aborts what a restore that was killed has left open, and lets it write no more. */
    private void endPredecessor() {
        try (Producer<byte[], byte[]> producer = topic.kafka().newTransactionalProducer(group)) {
            producer.initTransactions();
        } catch (KafkaException e) {
            throw new OperationFailedException(
                    "the broker at %s: %s".formatted(topic.kafka().bootstrapServers(), e.getMessage()), e);
        }
    }

    /**
     * Makes the topics that are missing, and writes what {@link #findWritten} has not found.
     *
     * @param made how topics are made
     * @return how many records are written
     */
    long run(TopicSettings made) {
        long written = done;
        topic.create(made);
        int partitions = Objects.requireNonNull(topic.existing()).partitions().size();
        registerSchemas();
        try (Producer<byte[], byte[]> producer = topic.kafka().newTransactionalProducer(group)) {
            producer.initTransactions();
            producer.beginTransaction();
            for (BackedUpFile file : inOrder()) {
                if (read + file.records() <= written) {
                    read += file.records();
                } else {
                    folder.read(file, record -> write(producer, record, partitions));
                }
            }
            commit(producer);
        } catch (KafkaException e) {
            throw new OperationFailedException(
                    "after %,d of %,d records of %s the broker refuses: %s; the same command goes on from there"
                            .formatted(done, type.records(), type.type(), e.getMessage()),
                    e);
        }
        topic.awaitVisible(partitions);
        return done - written;
    }

    /** Partition by partition, so that events of a command stay together in however many partitions. */
    private List<BackedUpFile> inOrder() {
        return type.files().stream()
                .sorted(Comparator.comparingInt(BackedUpFile::partition).thenComparingLong(BackedUpFile::firstOffset))
                .toList();
    }

    /** In the order of their ids, so that each fits those before it, as when they were made. */
    private void registerSchemas() {
        List<BackedUpSchema> all = type.schemas().stream()
                .sorted(Comparator.comparingInt(BackedUpSchema::id))
                .toList();
        for (BackedUpSchema each : all) {
            Schema schema = new Schema.Parser().setValidateDefaults(false).parse(each.schema());
            String subject = topic.name() + "-" + schema.getFullName();
            try {
                schemaIds.put(each.id(), registry.register(subject, schema));
            } catch (RegistryException e) {
                throw new OperationFailedException(
                        "the registry does not take the schema %s: %s".formatted(subject, e.getMessage()), e);
            }
        }
    }

    private void write(Producer<byte[], byte[]> producer, GenericRecord record, int partitions) {
        read++;
        if (read <= done) {
            return;
        }
        var unused = producer.send(record(record, partitions), ON_FAILURE_THE_COMMIT_FAILS);
        if (read - done == CHUNK) {
            commit(producer);
            producer.beginTransaction();
        }
    }

    private static final Callback ON_FAILURE_THE_COMMIT_FAILS = (metadata, failure) -> {};

    private void commit(Producer<byte[], byte[]> producer) {
        producer.sendOffsetsToTransaction(Map.of(place, new OffsetAndMetadata(read, metadata)), groupMetadata);
        producer.commitTransaction();
        done = read;
        progress.progress(type.type(), done, type.records());
    }

    private ProducerRecord<byte[], byte[]> record(GenericRecord record, int partitions) {
        byte[] key = BackupFormat.key(record);
        Integer schemaId = BackupFormat.schemaId(record);
        return new ProducerRecord<>(
                topic.name(),
                partition(key, partitions),
                Math.max(0, BackupFormat.timestamp(record)),
                key,
                BackupFormat.value(record, schemaId == null ? null : newId(schemaId)),
                BackupFormat.headers(record));
    }

    /** Of a key that is none of an event, anywhere: it belongs to no aggregate. */
    private static int partition(byte @Nullable [] key, int partitions) {
        try {
            byte[] whole = Objects.requireNonNullElse(key, new byte[0]);
            return AggregateIds.partition(EventKey.parse(whole).aggregateId(), partitions);
        } catch (IllegalArgumentException e) {
            return 0;
        }
    }

    private int newId(int oldId) {
        return Objects.requireNonNull(
                schemaIds.get(oldId), () -> "the manifest lacks the schema %d of a record".formatted(oldId));
    }
}
