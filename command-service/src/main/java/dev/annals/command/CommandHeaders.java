package dev.annals.command;

import dev.annals.service.http.ProblemException;
import dev.annals.service.http.RequestHeaders;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a request say about its command.
 *
 * @param idempotencyKey the command id, where the client gave one
 * @param expectedVersion from {@code If-Match} or {@code If-None-Match}
 * @param maxWait for the result; zero for {@code respond-async}
 * @param representation whether the events are wanted with their data
 */
record CommandHeaders(
        @Nullable String idempotencyKey,
        @Nullable Long expectedVersion,
        Duration maxWait,
        boolean representation,
        @Nullable String correlationId,
        @Nullable String traceParent) {

    private static final int MAX_KEY_LENGTH = 128;
    private static final int MAX_CORRELATION_LENGTH = 200;
    private static final Pattern VERSION_TAG = Pattern.compile("\"(\\d{1,18})\"");

    /** What a decoder puts where bytes are no text: two keys could become one. */
    private static final int REPLACEMENT = 0xFFFD;

    static CommandHeaders of(RequestHeaders headers, Duration defaultWait) {
        Preferences preferences = Preferences.of(headers.all("Prefer"));
        return new CommandHeaders(
                text(headers, "Idempotency-Key", MAX_KEY_LENGTH),
                expectedVersion(headers),
                preferences.maxWait(defaultWait, CommandConfig.MAX_WAIT),
                preferences.representation(),
                text(headers, "X-Correlation-Id", MAX_CORRELATION_LENGTH),
                text(headers, "traceparent", MAX_CORRELATION_LENGTH));
    }

    private static @Nullable String text(RequestHeaders headers, String name, int maxLength) {
        String value = headers.first(name);
        if (value == null) {
            return null;
        }
        boolean printable = value.codePoints().noneMatch(c -> Character.isISOControl(c) || c == REPLACEMENT);
        if (value.isBlank() || value.length() > maxLength || !printable) {
            throw invalid(name, "1 to %d printable characters".formatted(maxLength), value);
        }
        return value;
    }

    private static @Nullable Long expectedVersion(RequestHeaders headers) {
        String ifNoneMatch = headers.first("If-None-Match");
        String ifMatch = headers.first("If-Match");
        if (ifNoneMatch != null) {
            if (!ifNoneMatch.equals("*") || ifMatch != null) {
                throw invalid("If-None-Match", "* (the aggregate must not exist), without If-Match", ifNoneMatch);
            }
            return 0L;
        }
        if (ifMatch == null) {
            return null;
        }
        Matcher tag = VERSION_TAG.matcher(ifMatch);
        if (!tag.matches()) {
            throw invalid("If-Match", "one version in quotes, as an ETag has it, for instance \"7\"", ifMatch);
        }
        return Long.parseLong(tag.group(1));
    }

    private static RuntimeException invalid(String header, String expected, String actual) {
        return ProblemException.of(
                        400, "invalid-header", "header %s: expected %s, got %s".formatted(header, expected, actual))
                .with("header", header);
    }
}
