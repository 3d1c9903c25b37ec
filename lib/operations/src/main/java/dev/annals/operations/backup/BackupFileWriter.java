package dev.annals.operations.backup;

import dev.annals.engine.files.OwnerOnly;
import dev.annals.operations.backup.Manifest.BackedUpFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Writes one file; it gets its name when it is whole and safe. For one thread. */
final class BackupFileWriter implements AutoCloseable {

    /** A file is closed when it has so many. */
    static final int MAX_RECORDS = 100_000;

    /** Or when its records have so many bytes before they are compressed. */
    static final long MAX_BYTES = 64L << 20;

    private static final int COMPRESSION = 3;

    private final Path folder;
    private final String name;
    private final Path unfinished;
    private final MessageDigest digest = SafeFiles.sha256();
    private final DataFileWriter<GenericRecord> writer;
    private final int partition;
    private final long firstOffset;
    private long lastOffset;
    private long records;
    private long size;

    /** @param subfolder of the folder, for the type */
    BackupFileWriter(Path folder, String subfolder, int partition, long firstOffset) throws IOException {
        this.folder = folder;
        this.name = "%s/%05d-%019d.avro".formatted(subfolder, partition, firstOffset);
        this.unfinished = SafeFiles.unfinished(folder.resolve(name));
        this.partition = partition;
        this.firstOffset = firstOffset;
        OutputStream out =
                new DigestOutputStream(new BufferedOutputStream(OwnerOnly.newOutputStream(unfinished)), digest);
        this.writer = new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(BackupFormat.SCHEMA))
                .setCodec(CodecFactory.deflateCodec(COMPRESSION))
                .create(BackupFormat.SCHEMA, out);
    }

    void write(ConsumerRecord<byte[], byte[]> record) throws IOException {
        writer.append(BackupFormat.of(record));
        records++;
        size += Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
        lastOffset = record.offset();
    }

    boolean isFull() {
        return records >= MAX_RECORDS || size >= MAX_BYTES;
    }

    BackedUpFile finish() throws IOException {
        writer.close();
        Path file = folder.resolve(name);
        SafeFiles.publish(unfinished, file);
        return new BackedUpFile(
                name,
                partition,
                firstOffset,
                lastOffset,
                records,
                Files.size(file),
                HexFormat.of().formatHex(digest.digest()));
    }

    /** Leaves an unfinished file, which the next backup removes. */
    @Override
    public void close() throws IOException {
        writer.close();
    }
}
