package dev.annals.service.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.testsupport.DamagedFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.FlushOptions;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

class DamagedStoresTest {

    @TempDir
    private Path application;

    private Path sound;
    private Path damaged;

    @BeforeEach
    void makeStores() throws Exception {
        sound = makeStore("0_0");
        damaged = makeStore("0_1");
    }

    private Path makeStore(String task) throws Exception {
        Path store = Files.createDirectories(
                application.resolve(task).resolve("rocksdb").resolve("store"));
        try (Options options = new Options().setCreateIfMissing(true);
                FlushOptions flush = new FlushOptions();
                RocksDB database = RocksDB.open(options, store.toString())) {
            for (int i = 0; i < 1_000; i++) {
                database.put(("key-" + i).getBytes(UTF_8), ("value-" + i).getBytes(UTF_8));
            }
            database.flush(flush);
        }
        return application.resolve(task);
    }

    @ParameterizedTest
    @EnumSource
    void what_is_damaged_is_deleted_and_nothing_else(DamagedFiles kind) {
        assertThat(kind.in(damaged)).isPositive();

        DamagedStores.delete(application);

        assertThat(damaged).doesNotExist();
        assertThat(sound).exists();
    }

    @Test
    void what_is_sound_stays() {
        DamagedStores.delete(application);
        DamagedStores.delete(application.resolve("none"));

        assertThat(damaged).exists();
        assertThat(sound).exists();
    }

    @Test
    void a_failure_at_a_store_is_suspect_unless_there_is_only_no_room() {
        var corrupt = new RocksDBException("block checksum mismatch");
        var full = new RocksDBException(
                "While appending to file: No space left on device",
                new Status(Status.Code.IOError, Status.SubCode.NoSpace, "No space left on device"));

        assertThat(DamagedStores.isSuspect(new StreamsException(new ProcessorStateException("in a store", corrupt))))
                .isTrue();
        assertThat(DamagedStores.isSuspect(new ProcessorStateException("in a store", full)))
                .isFalse();
        assertThat(DamagedStores.isSuspect(new ProcessorStateException(new IOException("No space left on device"))))
                .isFalse();
        assertThat(DamagedStores.isSuspect(new StreamsException(new TimeoutException("a broker is away"))))
                .isFalse();
    }
}
