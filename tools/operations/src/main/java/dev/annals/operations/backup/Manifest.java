package dev.annals.operations.backup;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.operations.OperationFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
 */
record Manifest(int format, String id, List<BackedUpType> types) {

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

    Manifest {
        types = List.copyOf(types);
    }

    static Manifest empty() {
        return new Manifest(BackupFormat.VERSION, UUID.randomUUID().toString(), List.of());
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
        return new Manifest(format, id, all);
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
            if (format != BackupFormat.VERSION) {
                throw new OperationFailedException(
                        "%s has format %s, this program reads format %d: take the one that wrote it"
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
