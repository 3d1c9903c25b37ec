package dev.annals.operations.backup;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.backup.Manifest.BackedUpFile;
import dev.annals.operations.backup.Manifest.BackedUpSchema;
import dev.annals.operations.backup.Manifest.BackedUpType;
import dev.annals.operations.backup.Restore.ServicesRunException;
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
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Writes the events of one type, or the journals of one process, from a backup into its topic, partition by partition
 * of the backup. One that is broken off goes on behind its last transaction, as a {@link NotedWriter} does.
 */
final class TypeRestore {

    private final StreamTopic topic;
    private final BackupFolder folder;
    private final SchemaRegistryClient registry;
    private final BackedUpType type;
    private final Predicate<EventKey> leftOut;
    private final boolean leavesOut;
    private final ProgressListener progress;
    private final NotedWriter.Note note;
    private final Map<Integer, Integer> schemaIds = new HashMap<>();
    private long done;
    private long passed;

    /** Restores all records. */
    TypeRestore(
            StreamTopic topic,
            BackupFolder folder,
            SchemaRegistryClient registry,
            String backupId,
            BackedUpType type,
            ProgressListener progress) {
        this(topic, folder, registry, type, any -> false, false, backupId + "/" + type.records(), progress);
    }

    /** Restores what is not left out. */
    TypeRestore(
            StreamTopic topic,
            BackupFolder folder,
            SchemaRegistryClient registry,
            String backupId,
            Manifest.BackedUpProcess process,
            ProgressListener progress) {
        this(
                topic,
                folder,
                registry,
                process.journals(),
                process::isLeftOut,
                !process.leftOut().isEmpty(),
                "%s/%d/%s".formatted(backupId, process.journals().records(), process.from()),
                progress);
    }

    /** @param metadata of the note; a backup that has grown since has other records at the same place */
    private TypeRestore(
            StreamTopic topic,
            BackupFolder folder,
            SchemaRegistryClient registry,
            BackedUpType type,
            Predicate<EventKey> leftOut,
            boolean leavesOut,
            String metadata,
            ProgressListener progress) {
        this.topic = topic;
        this.folder = folder;
        this.registry = registry;
        this.type = type;
        this.leftOut = leftOut;
        this.leavesOut = leavesOut;
        this.progress = progress;
        this.note = new NotedWriter.Note(
                topic.kafka(),
                topic.kafka().topics().prefix() + "annals-restore-" + type.type(),
                new TopicPartition(topic.name(), 0),
                metadata);
    }

    BackedUpType type() {
        return type;
    }

    StreamTopic topic() {
        return topic;
    }

    /** @throws ServicesRunException if any write it now */
    void requireStopped() {
        List<String> writers = topic.writers();
        if (!writers.isEmpty()) {
            throw new ServicesRunException(type.type(), writers);
        }
    }

    /** Finds how many records of this backup are in the topic; refuses a topic with any others. */
    void findWritten() {
        TopicDescription existing = topic.existing();
        if (existing == null || topic.isEmpty(existing.partitions().size())) {
            return;
        }
        note.endPredecessor();
        topic.awaitVisible(existing.partitions().size());
        long written = note.read(topic.broker());
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

    /**
     * Makes the topics that are missing, and writes what {@link #findWritten} has not found.
     *
     * @param made how topics are made
     * @return how many records are written
     */
    long run(TopicSettings made) {
        long written = done;
        topic.create(made);
        int partitions = partitions();
        registerSchemas();
        try (NotedWriter writer = new NotedWriter(note, written, this::tell)) {
            for (BackedUpFile file : inOrder()) {
                if (!leavesOut && passed + file.records() <= written) {
                    passed += file.records();
                    writer.pass(file.records());
                } else {
                    folder.read(file, record -> write(writer, record, partitions));
                }
            }
            writer.end();
        } catch (KafkaException e) {
            throw new OperationFailedException(
                    "after %,d of %,d records of %s the broker refuses: %s; the same command goes on from there"
                            .formatted(done, type.records(), type.type(), e.getMessage()),
                    e);
        }
        topic.awaitVisible(partitions);
        return done - written;
    }

    private void tell(long now) {
        done = now;
        progress.progress(type.type(), now, type.records());
    }

    private int partitions() {
        return Objects.requireNonNull(topic.existing()).partitions().size();
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

    private void write(NotedWriter writer, GenericRecord record, int partitions) {
        passed++;
        if (!isLeftOut(record)) {
            writer.write(record(record, partitions));
        }
    }

    private boolean isLeftOut(GenericRecord record) {
        EventKey key = BackupFormat.eventKey(record);
        return key != null && leftOut.test(key);
    }

    /** Hands over what is restored, as the backup has it; after {@link #run}. */
    void read(Consumer<GenericRecord> to) {
        for (BackedUpFile file : inOrder()) {
            folder.read(file, record -> {
                if (!isLeftOut(record)) {
                    to.accept(record);
                }
            });
        }
    }

    /** The value of a record, with the schema's id in this installation. */
    byte @Nullable [] value(GenericRecord record) {
        Integer schemaId = BackupFormat.schemaId(record);
        return BackupFormat.value(record, schemaId == null ? null : newId(schemaId));
    }

    private ProducerRecord<byte[], byte[]> record(GenericRecord record, int partitions) {
        byte[] key = BackupFormat.key(record);
        return new ProducerRecord<>(
                topic.name(),
                partition(BackupFormat.eventKey(record), partitions),
                Math.max(0, BackupFormat.timestamp(record)),
                key,
                value(record),
                BackupFormat.headers(record));
    }

    /** Of a key that is none of an event, anywhere: it belongs to no aggregate. */
    private static int partition(@Nullable EventKey key, int partitions) {
        return key == null ? 0 : AggregateIds.partition(key.aggregateId(), partitions);
    }

    private int newId(int oldId) {
        return Objects.requireNonNull(
                schemaIds.get(oldId), () -> "the manifest lacks the schema %d of a record".formatted(oldId));
    }
}
