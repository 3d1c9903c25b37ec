package dev.annals.operations.backup;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.backup.Manifest.BackedUpFile;
import dev.annals.operations.backup.Manifest.BackedUpSchema;
import dev.annals.operations.backup.Manifest.BackedUpType;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.serde.registry.RegistryException;
import dev.annals.serde.registry.SchemaRegistryClient;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
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

    private final KafkaAccess kafka;
    private final BackupFolder folder;
    private final SchemaRegistryClient registry;
    private final String metadata;
    private final BackedUpType type;
    private final int partitions;
    private final ProgressListener progress;
    private final ConsumerGroupMetadata groupMetadata;
    private final Map<Integer, Integer> schemaIds = new HashMap<>();
    private long done;
    private long read;

    /** @param partitions of the event topic */
    TypeRestore(
            KafkaAccess kafka,
            BackupFolder folder,
            SchemaRegistryClient registry,
            String backupId,
            BackedUpType type,
            int partitions,
            ProgressListener progress) {
        this.kafka = kafka;
        this.folder = folder;
        this.registry = registry;
        this.metadata = metadata(backupId, type);
        this.type = type;
        this.partitions = partitions;
        this.progress = progress;
        this.groupMetadata = kafka.groupMetadata(group(kafka, type.type()));
    }

    /** Notes how far the restore of a type is. */
    static String group(KafkaAccess kafka, String type) {
        return kafka.topics().prefix() + "annals-restore-" + type;
    }

    /** Of what restores into the group; a backup that has grown since has other records at the same place. */
    static String metadata(String backupId, BackedUpType type) {
        return backupId + "/" + type.records();
    }

    static TopicPartition place(KafkaAccess kafka, String type) {
        return new TopicPartition(kafka.topics().events(type), 0);
    }

    /** Aborts what a restore that was killed has left open, and lets it write no more. */
    static void endPredecessor(KafkaAccess kafka, String type) {
        try (Producer<byte[], byte[]> producer = kafka.newTransactionalProducer(group(kafka, type))) {
            producer.initTransactions();
        } catch (KafkaException e) {
            throw new OperationFailedException(
                    "the broker at %s: %s".formatted(kafka.bootstrapServers(), e.getMessage()), e);
        }
    }

    /** @param written how many records are there already, from this backup */
    void run(long written) {
        done = written;
        registerSchemas();
        try (Producer<byte[], byte[]> producer = kafka.newTransactionalProducer(group(kafka, type.type()))) {
            producer.initTransactions();
            producer.beginTransaction();
            for (BackedUpFile file : inOrder()) {
                if (read + file.records() <= written) {
                    read += file.records();
                } else {
                    folder.read(file, record -> write(producer, record));
                }
            }
            commit(producer);
        } catch (KafkaException e) {
            throw new OperationFailedException(
                    "after %,d of %,d records of %s the broker refuses: %s; the same command goes on from there"
                            .formatted(done, type.records(), type.type(), e.getMessage()),
                    e);
        }
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
            String subject = kafka.topics().events(type.type()) + "-" + schema.getFullName();
            try {
                schemaIds.put(each.id(), registry.register(subject, schema));
            } catch (RegistryException e) {
                throw new OperationFailedException(
                        "the registry does not take the schema %s: %s".formatted(subject, e.getMessage()), e);
            }
        }
    }

    private void write(Producer<byte[], byte[]> producer, GenericRecord record) {
        read++;
        if (read <= done) {
            return;
        }
        var unused = producer.send(record(record), ON_FAILURE_THE_COMMIT_FAILS);
        if (read - done == CHUNK) {
            commit(producer);
            producer.beginTransaction();
        }
    }

    private static final Callback ON_FAILURE_THE_COMMIT_FAILS = (metadata, failure) -> {};

    private void commit(Producer<byte[], byte[]> producer) {
        producer.sendOffsetsToTransaction(
                Map.of(place(kafka, type.type()), new OffsetAndMetadata(read, metadata)), groupMetadata);
        producer.commitTransaction();
        done = read;
        progress.progress(type.type(), done, type.records());
    }

    private ProducerRecord<byte[], byte[]> record(GenericRecord record) {
        byte[] key = BackupFormat.key(record);
        Integer schemaId = BackupFormat.schemaId(record);
        return new ProducerRecord<>(
                kafka.topics().events(type.type()),
                partition(key),
                Math.max(0, BackupFormat.timestamp(record)),
                key,
                BackupFormat.value(record, schemaId == null ? null : newId(schemaId)),
                BackupFormat.headers(record));
    }

    /** Of a key that is none of an event, anywhere: it belongs to no aggregate. */
    private int partition(byte @Nullable [] key) {
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
