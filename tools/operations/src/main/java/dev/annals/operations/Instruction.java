package dev.annals.operations;

import dev.annals.engine.kafka.HeaderName;
import java.time.Instant;
import org.apache.kafka.common.header.Headers;

/**
 * Who has an operation done, and why: what is left of it in the headers of what it writes.
 *
 * @param actor as he says himself; nobody has verified it
 * @param reason for those who ask later
 */
public record Instruction(String actor, String reason, Instant time) {

    /** Of both texts: a header is no place for more. */
    public static final int MAX_LENGTH = 500;

    public static final String RULE = "1 to %d printable characters".formatted(MAX_LENGTH);

    public Instruction {
        require("actor", actor);
        require("reason", reason);
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
        HeaderName.putOperator(headers, actor);
        HeaderName.REASON.put(headers, reason);
        HeaderName.TIME.put(headers, time.toString());
    }
}
