package dev.annals.service.http;

import java.io.IOException;

/** Another instance's answer is larger than what is read of one into memory. */
public final class OversizedAnswerException extends IOException {

    OversizedAnswerException(int limit) {
        super("the answer has more than %d bytes".formatted(limit));
    }
}
