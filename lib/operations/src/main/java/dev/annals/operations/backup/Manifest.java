package dev.annals.operations.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.engine.kafka.EventKey;
import dev.annals.operations.OperationFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a backup holds: {@code manifest.json} in its folder. A file counts when it stands here, and not before.
 *
 * @param format {@link BackupFormat#VERSION}
 * @param id of this backup; stays the same when it grows
 * @param processes whose journals it holds; none in format 1
 */
record Manifest(int format, String id, List<BackedUpType> types, List<BackedUpProcess> processes) {

    static final String NAME = "manifest.json";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /**
     * What was backed up of an aggregate type.
     *
     * @param topicId of the topic that it came from: another topic of that name is another history
     * @param partitions how many the topic has
     * @param next by partition, the offset at which the next backup goes on
     * @param schemas with which the values were written
     * @param files in the order in which they were made
     * @param events of the hash: how many there are, without those that were erased
     * @param hash of all events, as a verification of the type has it; null while a backup is under way, or was broken
     *     off
     */
    record BackedUpType(
            String type,
            String topicId,
            int partitions,
            SortedMap<Integer, Long> next,
            List<BackedUpSchema> schemas,
            List<BackedUpFile> files,
            long events,
            @Nullable String hash) {

        BackedUpType {
            next = new TreeMap<>(next);
            schemas = List.copyOf(schemas);
            files = List.copyOf(files);
        }

        static BackedUpType empty(String type, String topicId, int partitions) {
            return new BackedUpType(type, topicId, partitions, new TreeMap<>(), List.of(), List.of(), 0, null);
        }

        long records() {
            return files.stream().mapToLong(BackedUpFile::records).sum();
        }

        /** As it is until it is complete again. */
        BackedUpType underWay() {
            return new BackedUpType(type, topicId, partitions, next, schemas, files, 0, null);
        }

        /** With one more file, after which the next backup goes on; without a hash. */
        BackedUpType with(BackedUpFile file, List<BackedUpSchema> nowKnown) {
            List<BackedUpFile> more = new ArrayList<>(files);
            more.add(file);
            SortedMap<Integer, Long> after = new TreeMap<>(next);
            after.put(file.partition(), file.lastOffset() + 1);
            return new BackedUpType(type, topicId, partitions, after, nowKnown, more, 0, null);
        }

        /** Complete up to these offsets. */
        BackedUpType complete(Map<Integer, Long> ends, long count, String hashOfAll) {
            return new BackedUpType(type, topicId, partitions, new TreeMap<>(ends), schemas, files, count, hashOfAll);
        }
    }

    /**
     * A file of a backup.
     *
     * @param name in the folder
     * @param partition whose records it holds, in the order of their offsets
     * @param sha256 of its bytes, in hexadecimal digits
     */
    record BackedUpFile(
            String name, int partition, long firstOffset, long lastOffset, long records, long bytes, String sha256) {}

    /**
     * A schema that values were written with.
     *
     * @param id in the registry that it came from
     * @param schema with all that it uses inside it
     */
    record BackedUpSchema(int id, String schema) {}

    /**
     * What was backed up of a process, after the events of the types that it joins.
     *
     * @param journals its topic, as that of a type
     * @param from since when events are its own that were written, RFC 3339: all that are older its instances have been
     *     told, or are none of theirs
     * @param settled by partition: of entries below, commands were decided when the events ended, but for those that
     *     are {@code undecided}
     * @param undecided ids of commands that waited to be decided when the events ended
     * @param leftOut by instance, the number of its first entry that knows of what is not in the backup; that entry and
     *     those behind it are not restored
     */
    record BackedUpProcess(
            BackedUpType journals,
            String from,
            SortedMap<Integer, Long> settled,
            List<String> undecided,
            SortedMap<String, Long> leftOut) {

        BackedUpProcess {
            settled = new TreeMap<>(settled);
            undecided = List.copyOf(undecided);
            leftOut = new TreeMap<>(leftOut);
        }

        static BackedUpProcess empty(BackedUpType journals) {
            return new BackedUpProcess(journals, Instant.EPOCH.toString(), new TreeMap<>(), List.of(), new TreeMap<>());
        }

        String name() {
            return journals.type();
        }

        BackedUpProcess with(BackedUpType grown) {
            return new BackedUpProcess(grown, from, settled, undecided, leftOut);
        }

        boolean isLeftOut(EventKey entry) {
            return entry.version() >= leftOut.getOrDefault(entry.aggregateId(), Long.MAX_VALUE);
        }
    }

    Manifest {
        types = List.copyOf(types);
        processes = processes == null ? List.of() : List.copyOf(processes);
    }

    static Manifest empty() {
        return new Manifest(BackupFormat.VERSION, UUID.randomUUID().toString(), List.of(), List.of());
    }

    @Nullable
    BackedUpType type(String name) {
        return types.stream()
                .filter(each -> each.type().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** With this in place of what was of the type. */
    Manifest with(BackedUpType changed) {
        List<BackedUpType> all = new ArrayList<>(types);
        all.removeIf(each -> each.type().equals(changed.type()));
        all.add(changed);
        return new Manifest(BackupFormat.VERSION, id, all, processes);
    }

    @Nullable
    BackedUpProcess process(String name) {
        return processes.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** With this in place of what was of the process. */
    Manifest with(BackedUpProcess changed) {
        List<BackedUpProcess> all = new ArrayList<>(processes);
        all.removeIf(each -> each.name().equals(changed.name()));
        all.add(changed);
        return new Manifest(BackupFormat.VERSION, id, types, all);
    }

    /**
     * Reads the manifest of a folder; null where there is none.
     *
     * @throws OperationFailedException if it is of another format, or damaged
     */
    static @Nullable Manifest read(Path folder) {
        Path file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            return null;
        }
        try {
            JsonNode json = JSON.readTree(file.toFile());
            int format = json.path("format").asInt();
            if (format < 1 || format > BackupFormat.VERSION) {
                throw new OperationFailedException(
                        "%s has format %s, this program reads formats up to %d: take the one that wrote it"
                                .formatted(file, json.path("format"), BackupFormat.VERSION));
            }
            return JSON.treeToValue(json, Manifest.class);
        } catch (IOException e) {
            throw new OperationFailedException("%s can't be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Writes it into a folder, in one step: whoever reads sees the old one or the new one, also after a power cut. */
    void write(Path folder) {
        Path file = folder.resolve(NAME);
        try {
            SafeFiles.write(file, JSON.writeValueAsBytes(this));
        } catch (IOException e) {
            throw new OperationFailedException("%s can't be written: %s".formatted(file, e), e);
        }
    }
}
