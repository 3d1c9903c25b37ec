package dev.annals.operations.backup;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.annals.operations.OperationFailedException;
import dev.annals.operations.backup.Manifest.BackedUpFile;
import dev.annals.operations.backup.Manifest.BackedUpSchema;
import dev.annals.operations.backup.Manifest.BackedUpType;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupFolderTest {

    private static final byte[] VALUE = {0, 0, 0, 0, 7, 10, 20};

    @TempDir
    private Path path;

    private BackupFolder folder;
    private BackedUpType type = BackedUpType.empty("accounts", "topic-1", 4);

    @BeforeEach
    void prepare() {
        folder = new BackupFolder(path);
        folder.prepare(type);
    }

    @Test
    void a_record_comes_back_as_it_was_but_for_the_id_of_its_schema() throws IOException {
        GenericRecord read = only(written(record(41, "a/1", VALUE)));

        assertThat(read.get("partition")).isEqualTo(2);
        assertThat(read.get("offset")).isEqualTo(41L);
        assertThat(BackupFormat.timestamp(read)).isEqualTo(1_000);
        assertThat(BackupFormat.key(read)).isEqualTo("a/1".getBytes(UTF_8));
        assertThat(BackupFormat.headers(read).lastHeader("ce_type").value()).isEqualTo("t".getBytes(UTF_8));
        assertThat(BackupFormat.headers(read).lastHeader("none").value()).isNull();
        assertThat(BackupFormat.schemaId(read)).isEqualTo(7);
        assertThat(BackupFormat.value(read, 9)).containsExactly(0, 0, 0, 0, 9, 10, 20);
    }

    @Test
    void what_has_no_schema_and_what_is_erased_come_back_too() throws IOException {
        List<GenericRecord> read = read(written(record(1, "a/1", "{}".getBytes(UTF_8)), record(2, "a/2", null)));

        assertThat(BackupFormat.schemaId(read.getFirst())).isNull();
        assertThat(BackupFormat.value(read.getFirst(), null)).isEqualTo("{}".getBytes(UTF_8));
        assertThat(BackupFormat.value(read.getLast(), null)).isNull();
    }

    /** All events of an installation are in it, in clear. */
    @Test
    void a_backup_is_for_its_owner_alone() throws IOException {
        assumeTrue(FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "needs POSIX permissions");
        Path made = path.resolve("made");
        folder = new BackupFolder(made);
        folder.manifestOrEmpty();
        folder.prepare(type);
        try (BackupFileWriter writer = new BackupFileWriter(made, type.type(), 2, 1)) {
            writer.write(record(1, "a/1", VALUE));
            BackedUpFile unused = writer.finish();
        }

        try (Stream<Path> all = Files.walk(made)) {
            assertThat(all)
                    .hasSize(4)
                    .allSatisfy(each -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each)))
                            .as(each.toString())
                            .isEqualTo(Files.isDirectory(each) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void a_file_of_which_bytes_are_missing_is_refused() throws IOException {
        BackedUpFile file = written(record(1, "a/1", VALUE));
        folder.check(type);
        byte[] bytes = Files.readAllBytes(path.resolve(file.name()));
        Files.write(path.resolve(file.name()), Arrays.copyOf(bytes, bytes.length - 1));

        assertThatThrownBy(() -> folder.check(type))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContainingAll(file.name(), "damaged", "bytes");
    }

    @Test
    void a_file_with_another_byte_is_refused() throws IOException {
        BackedUpFile file = written(record(1, "a/1", VALUE));
        byte[] bytes = Files.readAllBytes(path.resolve(file.name()));
        bytes[bytes.length / 2] ^= 1;
        Files.write(path.resolve(file.name()), bytes);

        assertThatThrownBy(() -> folder.check(type)).hasMessageContainingAll(file.name(), "checksum");
    }

    @Test
    void a_missing_file_is_refused() throws IOException {
        BackedUpFile file = written(record(1, "a/1", VALUE));
        Files.delete(path.resolve(file.name()));

        assertThatThrownBy(() -> folder.check(type)).hasMessageContainingAll(file.name(), "missing");
    }

    @Test
    void a_file_that_is_none_of_avro_or_has_other_records_is_told() throws IOException {
        BackedUpFile file = written(record(1, "a/1", VALUE));
        BackedUpFile more = new BackedUpFile(file.name(), 2, 1, 2, 2, file.bytes(), file.sha256());
        assertThatThrownBy(() -> read(more)).hasMessageContainingAll(file.name(), "1 records of 2");

        Files.writeString(path.resolve(file.name()), "something else");
        assertThatThrownBy(() -> read(file)).hasMessageContainingAll(file.name(), "damaged");
    }

    @Test
    void what_a_broken_off_backup_left_is_removed_and_what_counts_stays() throws IOException {
        BackedUpFile file = written(record(1, "a/1", VALUE));
        Path rest = Files.writeString(path.resolve("accounts/00001-0.avro.tmp"), "half");

        folder.prepare(type);
        assertThat(rest).doesNotExist();
        assertThat(path.resolve(file.name())).exists();
    }

    @Test
    void a_manifest_comes_back_as_it_was_written() throws IOException {
        written(record(1, "a/1", VALUE));
        Manifest manifest = Manifest.empty().with(type);
        manifest.write(path);

        assertThat(folder.manifest()).isEqualTo(manifest);
        assertThat(type.next()).containsEntry(2, 2L);
        assertThat(folder.manifest().types().getFirst().hash()).isNull();
    }

    @Test
    void a_manifest_of_another_format_and_a_folder_with_other_things_are_refused() throws IOException {
        Files.writeString(path.resolve(Manifest.NAME), "{\"format\": 99}");
        assertThatThrownBy(folder::manifest).hasMessageContainingAll("format 99", "formats up to 2");

        Files.delete(path.resolve(Manifest.NAME));
        assertThatThrownBy(folder::manifest).hasMessageContaining("no backup");
        assertThatThrownBy(folder::manifestOrEmpty).hasMessageContaining("not empty");
    }

    @SafeVarargs
    private BackedUpFile written(ConsumerRecord<byte[], byte[]>... records) throws IOException {
        try (BackupFileWriter writer = new BackupFileWriter(path, "accounts", 2, records[0].offset())) {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                writer.write(record);
            }
            BackedUpFile file = writer.finish();
            type = type.with(file, List.of(new BackedUpSchema(7, "\"string\"")));
            return file;
        }
    }

    private GenericRecord only(BackedUpFile file) {
        List<GenericRecord> all = read(file);
        assertThat(all).hasSize(1);
        return all.getFirst();
    }

    private List<GenericRecord> read(BackedUpFile file) {
        List<GenericRecord> records = new ArrayList<>();
        folder.read(file, records::add);
        return records;
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, String key, byte @Nullable [] value) {
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_type", "t".getBytes(UTF_8));
        headers.add("none", null);
        return new ConsumerRecord<>(
                "accounts.events",
                2,
                offset,
                1_000,
                TimestampType.CREATE_TIME,
                key.length(),
                value == null ? 0 : value.length,
                key.getBytes(UTF_8),
                value,
                headers,
                Optional.empty());
    }
}
