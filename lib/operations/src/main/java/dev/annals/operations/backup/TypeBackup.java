package dev.annals.operations.backup;

import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.backup.Manifest.BackedUpFile;
import dev.annals.operations.backup.Manifest.BackedUpSchema;
import dev.annals.operations.backup.Manifest.BackedUpType;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import dev.annals.serde.registry.RegistryException;
import dev.annals.serde.registry.SchemaRegistryClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is committed in the event topic of one type, or the journals of one process, up to given ends, and not in
 * the backup yet, into files. A file counts when the manifest has it, so a backup that is broken off loses at most the
 * files that are open; the next one goes on.
 */
final class TypeBackup {

    private static final Logger LOG = LoggerFactory.getLogger(TypeBackup.class);

    private final KafkaAccess kafka;
    private final String topic;
    private final Map<TopicPartition, Long> ends;
    private final BackupFolder folder;
    private final SchemaRegistryClient registry;
    private final ProgressListener progress;
    private final Map<Integer, BackupFileWriter> open = new TreeMap<>();
    private final Map<Integer, BackedUpSchema> schemas = new LinkedHashMap<>();
    private final Consumer<BackedUpType> save;
    private BackedUpType type;
    private long written;

    /**
     * @param ends of the topic, up to which it is to be in the backup
     * @param type as the manifest has it, or empty
     * @param save puts it into the manifest, as it is then
     */
    TypeBackup(
            KafkaAccess kafka,
            String topic,
            Map<TopicPartition, Long> ends,
            BackupFolder folder,
            SchemaRegistryClient registry,
            BackedUpType type,
            Consumer<BackedUpType> save,
            ProgressListener progress) {
        this.kafka = kafka;
        this.topic = topic;
        this.ends = Map.copyOf(ends);
        this.folder = folder;
        this.registry = registry;
        this.type = type;
        this.save = save;
        this.progress = progress;
        type.schemas().forEach(schema -> schemas.put(schema.id(), schema));
    }

    /** Writes the files. */
    void run() {
        folder.prepare(type);
        try (PartitionReader reader = new PartitionReader(kafka, List.of(topic))) {
            Map<TopicPartition, Long> from = new HashMap<>();
            type.next().forEach((partition, offset) -> from.put(new TopicPartition(topic, partition), offset));
            requireGrown(from);
            reader.seek(from);
            reader.readTo(ends, this::take);
            for (BackupFileWriter writer : List.copyOf(open.values())) {
                finish(writer);
            }
        } catch (UncheckedIOException | IOException e) {
            throw new OperationFailedException("%s can't be written: %s".formatted(folder.path(), e), e);
        } finally {
            abandon();
        }
    }

    /** The end of a log never goes back, but in a topic that has lost records. */
    private void requireGrown(Map<TopicPartition, Long> from) {
        from.forEach((partition, offset) -> {
            long end = ends.getOrDefault(partition, 0L);
            if (end < offset) {
                throw new OperationFailedException(
                        "%s ends at %d, but the backup has it up to %d: it has lost records since, or is not the same"
                                .formatted(partition, end, offset));
            }
        });
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        try {
            BackupFileWriter writer = open.get(record.partition());
            if (writer == null) {
                writer = new BackupFileWriter(folder.path(), type.type(), record.partition(), record.offset());
                open.put(record.partition(), writer);
            }
            Integer schemaId = BackupFormat.schemaId(record.value());
            if (schemaId != null) {
                schemas.computeIfAbsent(schemaId, this::schema);
            }
            writer.write(record);
            progress.progress(type.type(), ++written, ProgressListener.UNKNOWN);
            if (writer.isFull()) {
                finish(writer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BackedUpSchema schema(int id) {
        try {
            return new BackedUpSchema(id, registry.schemaById(id).toString());
        } catch (RegistryException e) {
            throw new OperationFailedException(
                    "the schema %d, with which records were written, can't be had: %s".formatted(id, e.getMessage()),
                    e);
        }
    }

    private void finish(BackupFileWriter writer) throws IOException {
        open.values().remove(writer);
        BackedUpFile file = writer.finish();
        save(type.with(file, new ArrayList<>(schemas.values())));
    }

    /** What is open does not count, so that it can't be closed is no matter beside why it is. */
    private void abandon() {
        for (BackupFileWriter writer : open.values()) {
            try {
                writer.close();
            } catch (IOException e) {
                LOG.debug("an unfinished file can't be closed", e);
            }
        }
    }

    /** How many records this has written. */
    long written() {
        return written;
    }

    /** The files are whole up to the ends, and this is the hash of all events in them. */
    void complete(long events, String hash) {
        SortedMap<Integer, Long> next = new TreeMap<>();
        ends.forEach((partition, offset) -> next.put(partition.partition(), offset));
        save(type.complete(next, events, hash));
    }

    private void save(BackedUpType changed) {
        type = changed;
        save.accept(changed);
    }
}
