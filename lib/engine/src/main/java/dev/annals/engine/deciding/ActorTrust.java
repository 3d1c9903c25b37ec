package dev.annals.engine.deciding;

import dev.annals.engine.kafka.HeaderName;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Whether the engine believes who asks for a command, as its headers {@code ce_authid} and {@code ce_authtype} say it.
 * Kafka tells nobody who wrote a record, so of those in a topic it is all of them or none.
 */
public enum ActorTrust {
    /** Nobody is asked who they are: what a command says is passed on as it came. */
    UNVERIFIED,
    /** Whoever hands over a command is believed, and whoever may write to its topic. */
    TOPICS,
    /** Whoever hands over a command is believed; what a record in the topic says is dropped. */
    CALLERS;

    private static final String OWN = "\u0001";
    private static final String SEPARATOR = "\0";

    public boolean isForTopics() {
        return this != CALLERS;
    }

    /**
     * The name under which a command is kept, so that a repeat of it is known: its id. Where who asks is believed, ids
     * are each principal's own: a hash (SHA-256) of principal and id, behind a character that no id has.
     *
     * @param principal who asks; null: nobody who is known, and then it is the id itself
     */
    public String nameOf(String commandId, @Nullable String principal) {
        if (this == UNVERIFIED || principal == null) {
            return commandId;
        }
        byte[] both = (principal + SEPARATOR + commandId).getBytes(StandardCharsets.UTF_8);
        return OWN
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(PayloadFingerprint.sha256().digest(both));
    }

    /** @param headers of a record of the command, or of what came of it */
    public String nameOf(String commandId, Headers headers) {
        return nameOf(commandId, HeaderName.AUTH_ID.in(headers));
    }
}
