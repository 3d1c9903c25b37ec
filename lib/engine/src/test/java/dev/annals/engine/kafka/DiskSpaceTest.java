package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

class DiskSpaceTest {

    @Test
    void a_full_disk_is_told_from_a_damaged_store() {
        assertThat(DiskSpace.isShort(
                        new RocksDBException(new Status(Status.Code.IOError, Status.SubCode.NoSpace, "full"))))
                .isTrue();
        assertThat(DiskSpace.isShort(
                        new RocksDBException("While appending to file: MANIFEST-5: No space left on device")))
                .isTrue();
        assertThat(DiskSpace.isShort(new IllegalStateException(
                        new UncheckedIOException(new IOException("write failed: No space left on device")))))
                .isTrue();
        assertThat(DiskSpace.isShort(
                        new RocksDBException(new Status(Status.Code.Corruption, Status.SubCode.None, "sum"))))
                .isFalse();
        assertThat(DiskSpace.isShort(null)).isFalse();
    }
}
