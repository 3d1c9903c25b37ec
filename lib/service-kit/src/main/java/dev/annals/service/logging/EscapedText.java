package dev.annals.service.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.pattern.CompositeConverter;

/**
 * {@code %escaped(…)} of a Logback pattern: what stands in the parentheses as one line, to be put between quotes; with
 * the option {@code unquoted}, quotes and backslashes are left as they are.
 */
public final class EscapedText extends CompositeConverter<ILoggingEvent> {

    private static final String UNQUOTED = "unquoted";

    @Override
    protected String transform(ILoggingEvent event, String text) {
        return Escapes.of(text, !UNQUOTED.equals(getFirstOption()));
    }
}
