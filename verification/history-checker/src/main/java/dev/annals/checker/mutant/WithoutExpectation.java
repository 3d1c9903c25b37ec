package dev.annals.checker.mutant;

import dev.annals.engine.kafka.HeaderName;
import org.apache.kafka.common.header.Headers;

/** Loses the expected version while it reads the command. */
public final class WithoutExpectation extends HeaderMutant {

    @Override
    void change(String topic, Headers headers) {
        headers.remove(HeaderName.EXPECTED_VERSION.key());
    }
}
