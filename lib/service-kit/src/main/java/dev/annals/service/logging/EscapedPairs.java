package dev.annals.service.logging;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * {@code %pairs} of a Logback pattern: the key-value pairs of a record as {@code key="value"}, where Logback's own
 * {@code %kvp} writes a value's line breaks and quotes as they are.
 */
public final class EscapedPairs extends ClassicConverter {

    @Override
    public String convert(ILoggingEvent event) {
        @Nullable List<KeyValuePair> pairs = event.getKeyValuePairs();
        return pairs == null ? "" : pairs.stream().map(EscapedPairs::text).collect(Collectors.joining(" "));
    }

    private static String text(KeyValuePair pair) {
        return "%s=\"%s\"".formatted(Escapes.of(pair.key, true), Escapes.of(String.valueOf(pair.value), true));
    }
}
