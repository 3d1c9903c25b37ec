package dev.annals.engine.kafka;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.apache.kafka.common.header.Headers;

/**
 * Reads times as RFC 3339 has them. Nearly all of them end with {@code Z}; for these {@code java.time}'s parser was an
 * eighth of all that deciding a command took.
 */
public final class UtcTimes {

    /** {@code 2011-01-04T10:00:00}, to which a fraction and the zone are added. */
    private static final String PATTERN = "0000-00-00T00:00:00";

    private static final int MAX_FRACTION_DIGITS = 9;

    private UtcTimes() {}

    /**
     * When an event happened: {@code ce_time}, or else the time of its record.
     *
     * @param timestamp of the record, milliseconds since the epoch
     * @throws DateTimeException if the header is no RFC 3339 time
     */
    public static Instant ofEvent(Headers headers, long timestamp) {
        String text = HeaderName.TIME.in(headers);
        return text == null ? Instant.ofEpochMilli(timestamp) : parse(text);
    }

    /**
     * Reads a time, of any offset from UTC.
     *
     * @throws DateTimeException if the text is no RFC 3339 time
     */
    public static Instant parse(String text) {
        return isPlain(text)
                ? LocalDateTime.of(
                                number(text, 0, 4),
                                number(text, 5, 7),
                                number(text, 8, 10),
                                number(text, 11, 13),
                                number(text, 14, 16),
                                number(text, 17, 19),
                                nanos(text))
                        .toInstant(ZoneOffset.UTC)
                : OffsetDateTime.parse(text).toInstant();
    }

    private static boolean isPlain(String text) {
        int zone = text.length() - 1;
        int fraction = zone - PATTERN.length();
        boolean fits = fraction == 0
                || (fraction >= 2 && fraction <= 1 + MAX_FRACTION_DIGITS && text.charAt(PATTERN.length()) == '.');
        if (!fits || text.charAt(zone) != 'Z') {
            return false;
        }
        for (int i = 0; i < zone; i++) {
            char expected = i < PATTERN.length() ? PATTERN.charAt(i) : i == PATTERN.length() ? '.' : '0';
            char actual = text.charAt(i);
            if (expected == '0' ? actual < '0' || actual > '9' : actual != expected) {
                return false;
            }
        }
        return true;
    }

    private static int nanos(String text) {
        int from = PATTERN.length() + 1;
        int to = text.length() - 1;
        if (to <= from) {
            return 0;
        }
        int nanos = number(text, from, to);
        for (int digits = to - from; digits < MAX_FRACTION_DIGITS; digits++) {
            nanos *= 10;
        }
        return nanos;
    }

    private static int number(String text, int from, int to) {
        return Integer.parseInt(text, from, to, 10);
    }
}
