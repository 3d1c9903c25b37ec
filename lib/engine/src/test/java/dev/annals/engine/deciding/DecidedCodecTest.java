package dev.annals.engine.deciding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.engine.avro.BindingException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DecidedCodecTest {

    private static final byte[] RESULT = {0, 0, 0, 0, 7, 1, 2, 3};
    private static final Decided DECIDED = new Decided(new PayloadFingerprint(1, -2), 3, 4, RESULT);

    @Test
    void what_is_written_is_read() {
        Decided read = DecidedCodec.decode(DecidedCodec.encode(DECIDED));

        assertThat(read).usingRecursiveComparison().isEqualTo(DECIDED);
        assertThat(DecidedCodec.arrival(DecidedCodec.encode(DECIDED))).isEqualTo(3);
    }

    @Test
    void a_command_that_failed_is_told_from_one_that_was_decided() {
        Decided failed = new Decided(null, 3, 4, RESULT);
        byte[] stored = DecidedCodec.encode(failed);

        assertThat(DecidedCodec.isFailed(stored)).isTrue();
        assertThat(DecidedCodec.decode(stored)).usingRecursiveComparison().isEqualTo(failed);
        assertThat(DecidedCodec.arrival(stored)).isEqualTo(3);
        assertThat(DecidedCodec.isFailed(DecidedCodec.encode(DECIDED))).isFalse();
    }

    /** It reads the arrival as it stands, and must not take the command for decided. */
    @Test
    void a_command_that_failed_has_long_expired_for_a_release_that_does_not_know_of_these() {
        byte[] stored = DecidedCodec.encode(new Decided(null, 0, 4, RESULT));

        assertThat(ByteBuffer.wrap(stored).getLong()).isNegative();
        assertThat(stored[Long.BYTES]).isEqualTo(DecidedCodec.encode(DECIDED)[Long.BYTES]);
    }

    @Test
    void another_layout_is_refused() {
        byte[] stored = DecidedCodec.encode(DECIDED);
        stored[Long.BYTES]++;

        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DecidedCodec.decode(stored))
                .withMessageContaining("another layout");
    }

    @Test
    void bytes_that_are_cut_off_are_refused() {
        byte[] stored = DecidedCodec.encode(DECIDED);

        assertThatExceptionOfType(BindingException.class)
                .isThrownBy(() -> DecidedCodec.decode(Arrays.copyOf(stored, stored.length - RESULT.length - 1)));
    }
}
