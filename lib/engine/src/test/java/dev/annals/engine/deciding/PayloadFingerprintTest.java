package dev.annals.engine.deciding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class PayloadFingerprintTest {

    @Test
    void is_read_from_its_text() {
        PayloadFingerprint fingerprint = PayloadFingerprint.of("annals.counters.Add", new byte[] {1, 2, 3}, 1);

        assertThat(fingerprint.text()).hasSize(22);
        assertThat(PayloadFingerprint.parse(fingerprint.text())).isEqualTo(fingerprint);
    }

    @Test
    void refuses_what_is_no_text_of_one() {
        assertThatIllegalArgumentException().isThrownBy(() -> PayloadFingerprint.parse("AAAA"));
        assertThatIllegalArgumentException().isThrownBy(() -> PayloadFingerprint.parse("{}"));
    }
}
