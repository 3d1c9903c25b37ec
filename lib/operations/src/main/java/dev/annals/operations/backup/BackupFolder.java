package dev.annals.operations.backup;

import dev.annals.engine.files.OwnerOnly;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.backup.Manifest.BackedUpFile;
import dev.annals.operations.backup.Manifest.BackedUpType;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** The folder of a backup. */
record BackupFolder(Path path) {

    /**
     * The manifest.
     *
     * @throws OperationFailedException if there is none, or it can't be read
     */
    Manifest manifest() {
        Manifest manifest = Manifest.read(path);
        if (manifest == null) {
            throw new OperationFailedException(
                    "%s holds no backup: there is no %s in it".formatted(path, Manifest.NAME));
        }
        return manifest;
    }

    /**
     * The manifest, or an empty one where there is nothing in the folder, or no folder.
     *
     * @throws OperationFailedException if other things are in it
     */
    Manifest manifestOrEmpty() {
        try {
            OwnerOnly.createDirectories(path);
            Manifest manifest = Manifest.read(path);
            if (manifest != null) {
                return manifest;
            }
            try (Stream<Path> files = Files.list(path)) {
                if (files.findAny().isPresent()) {
                    throw new OperationFailedException(
                            "%s is not empty and holds no backup: name another folder".formatted(path));
                }
            }
            Manifest empty = Manifest.empty();
            empty.write(path);
            return empty;
        } catch (IOException e) {
            throw new OperationFailedException("%s can't be used: %s".formatted(path, e), e);
        }
    }

    /** Makes the folder of a type, and removes what a backup that was broken off has left in it. */
    void prepare(BackedUpType type) {
        Path folder = path.resolve(type.type());
        Set<Path> counted =
                type.files().stream().map(file -> path.resolve(file.name())).collect(Collectors.toSet());
        try {
            OwnerOnly.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(each -> !counted.contains(each)).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new OperationFailedException("%s can't be used: %s".formatted(folder, e), e);
        }
    }

    /**
     * Reads every byte of a type's files.
     *
     * @throws OperationFailedException if a file is missing, or is not as it was written
     */
    void check(BackedUpType type) {
        for (BackedUpFile file : type.files()) {
            Path at = path.resolve(file.name());
            try {
                if (!Files.exists(at)) {
                    throw damaged(at, "it is missing");
                }
                long bytes = Files.size(at);
                if (bytes != file.bytes()) {
                    throw damaged(at, "it has %,d bytes of %,d".formatted(bytes, file.bytes()));
                }
                if (!SafeFiles.sha256(at).equals(file.sha256())) {
                    throw damaged(at, "its checksum differs");
                }
            } catch (IOException e) {
                throw damaged(at, e.toString());
            }
        }
    }

    /**
     * Hands over the records of a file, in their order.
     *
     * @throws OperationFailedException if they can't be read, or others than the manifest has
     */
    void read(BackedUpFile file, Consumer<GenericRecord> to) {
        Path at = path.resolve(file.name());
        long count = 0;
        try (DataFileStream<GenericRecord> records = new DataFileStream<>(
                new BufferedInputStream(Files.newInputStream(at)),
                new GenericDatumReader<GenericRecord>(null, BackupFormat.SCHEMA))) {
            while (records.hasNext()) {
                to.accept(records.next());
                count++;
            }
        } catch (IOException | AvroRuntimeException e) {
            throw damaged(at, "record %,d can't be read: %s".formatted(count, e.getMessage()));
        }
        if (count != file.records()) {
            throw damaged(at, "it has %,d records of %,d".formatted(count, file.records()));
        }
    }

    private static OperationFailedException damaged(Path file, String how) {
        return new OperationFailedException(
                "%s is damaged: %s; nothing of it is restored. Take another copy of the backup".formatted(file, how));
    }
}
