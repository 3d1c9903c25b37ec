package dev.annals.engine.kafka;

import java.time.Instant;
import org.apache.kafka.common.header.Headers;

/**
 * Who has an operation done, and why: what is left of it in the headers of what it writes.
 *
 * @param actorType {@code ce_authtype}; {@code unknown} of somebody who is called as he says himself
 * @param reason for those who ask later
 */
public record Instruction(String actorType, String actor, String reason, Instant time) {

    /** Of both texts: a header is no place for more. */
    public static final int MAX_LENGTH = 500;

    public static final String RULE = "1 to %d printable characters".formatted(MAX_LENGTH);

    public Instruction {
        require("actor", actor);
        require("reason", reason);
    }

    /** Of somebody whom nobody has verified. */
    public Instruction(String actor, String reason, Instant time) {
        this(HeaderName.UNKNOWN_PRINCIPAL, actor, reason, time);
    }

    private static void require(String name, String text) {
        if (!isValid(text)) {
            throw new IllegalArgumentException("%s: expected %s".formatted(name, RULE));
        }
    }

    public static boolean isValid(String text) {
        return !text.isBlank() && text.length() <= MAX_LENGTH && text.chars().noneMatch(Character::isISOControl);
    }

    public void putInto(Headers headers) {
        HeaderName.AUTH_TYPE.put(headers, actorType);
        HeaderName.AUTH_ID.put(headers, actor);
        HeaderName.REASON.put(headers, reason);
        HeaderName.TIME.put(headers, time.toString());
    }

    /** As {@link #putInto}, into a record whose {@code ce_time} is that of something else. */
    public static void copy(Headers from, Headers to) {
        HeaderName.AUTH_TYPE.put(to, HeaderName.AUTH_TYPE.in(from));
        HeaderName.AUTH_ID.put(to, HeaderName.AUTH_ID.in(from));
        HeaderName.REASON.put(to, HeaderName.REASON.in(from));
        HeaderName.RECORDED_TIME.put(to, HeaderName.TIME.in(from));
    }
}
