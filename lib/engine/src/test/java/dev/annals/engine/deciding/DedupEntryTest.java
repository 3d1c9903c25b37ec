package dev.annals.engine.deciding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.engine.avro.BindingException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DedupEntryTest {

    private static final byte[] RESULT = {0, 0, 0, 0, 7, 1, 2, 3};
    private static final DedupEntry DECIDED = new DedupEntry(new PayloadFingerprint(1, -2), 3, 4, RESULT);

    @Test
    void what_is_written_is_read() {
        DedupEntry read = DedupEntry.decode(DECIDED.encode());

        assertThat(read).usingRecursiveComparison().isEqualTo(DECIDED);
        assertThat(DedupEntry.arrival(DECIDED.encode())).isEqualTo(3);
    }

    @Test
    void a_command_that_failed_is_told_from_one_that_was_decided() {
        DedupEntry failed = new DedupEntry(null, 3, 4, RESULT);
        byte[] stored = failed.encode();

        assertThat(DedupEntry.isFailed(stored)).isTrue();
        assertThat(DedupEntry.decode(stored)).usingRecursiveComparison().isEqualTo(failed);
        assertThat(DedupEntry.arrival(stored)).isEqualTo(3);
        assertThat(DedupEntry.isFailed(DECIDED.encode())).isFalse();
    }

    @Test
    void another_kind_is_refused() {
        byte[] stored = DECIDED.encode();
        stored[Long.BYTES] = 7;

        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DedupEntry.decode(stored))
                .withMessageContaining("damaged");
    }

    @Test
    void bytes_that_are_cut_off_are_refused() {
        byte[] stored = DECIDED.encode();

        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DedupEntry.decode(Arrays.copyOf(stored, stored.length - RESULT.length - 1)));
    }
}
