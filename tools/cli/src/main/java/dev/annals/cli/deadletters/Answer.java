package dev.annals.cli.deadletters;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.cli.client.Printable;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.HeaderName;
import java.util.Locale;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What came of a command that was sent again.
 *
 * @param deadLetter where it is now, if it failed again
 */
record Answer(
        Outcome outcome,
        @Nullable Long version,
        @Nullable String code,
        @Nullable String message,
        @Nullable Place deadLetter) {

    /** What is known of it. */
    enum Outcome {
        ACCEPTED,
        REJECTED,
        FAILED,
        /** Neither result nor dead letter came in time. */
        UNKNOWN,
        /** Without a command id, its result can't be told from others. */
        SENT
    }

    static Answer none(Outcome outcome) {
        return new Answer(outcome, null, null, null, null);
    }

    static Answer of(CommandResult result) {
        Outcome outcome = switch (result.outcome()) {
            case ACCEPTED -> Outcome.ACCEPTED;
            case REJECTED -> Outcome.REJECTED;
            case FAILED -> Outcome.FAILED;
        };
        return new Answer(outcome, result.knownVersion(), result.code(), result.message(), null);
    }

    static Answer buried(ConsumerRecord<byte[], byte[]> letter) {
        return new Answer(
                Outcome.FAILED,
                null,
                HeaderName.DEAD_LETTER_REASON.in(letter.headers()),
                HeaderName.DEAD_LETTER_MESSAGE.in(letter.headers()),
                new Place(letter.partition(), letter.offset()));
    }

    boolean isSuccess() {
        return outcome == Outcome.ACCEPTED || outcome == Outcome.SENT;
    }

    String text() {
        return switch (outcome) {
            case ACCEPTED -> "accepted, version " + version;
            case REJECTED -> Printable.of("rejected, %s: %s".formatted(code, message));
            case FAILED ->
                Printable.of("failed, %s: %s".formatted(code, message))
                        + (deadLetter == null ? "" : "; dead letter " + deadLetter);
            case UNKNOWN -> "no result yet: is the command service running? It will be decided when it is";
            case SENT -> "sent; it has no command id (header %s), so nobody is told its result".formatted(id());
        };
    }

    private static String id() {
        return HeaderName.ID.key();
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("outcome", outcome.name().toLowerCase(Locale.ROOT))
                .put("version", version)
                .put("code", code)
                .put("message", message);
        if (deadLetter != null) {
            json.putObject("deadLetter")
                    .put("partition", deadLetter.partition())
                    .put("offset", deadLetter.offset());
        }
        return json;
    }
}
