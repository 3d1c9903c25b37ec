package dev.annals.engine.reacting;

import dev.annals.engine.kafka.HeaderName;
import org.apache.kafka.common.header.Headers;

/** How many processes led to a record: what bounds a chain of them that never ends. */
final class Hops {

    private Hops() {}

    /** What is no number counts as none: it is not ours. */
    static int of(Headers headers) {
        String text = HeaderName.HOPS.in(headers);
        try {
            return text == null ? 0 : Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
