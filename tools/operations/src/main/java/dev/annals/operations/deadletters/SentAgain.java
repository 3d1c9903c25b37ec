package dev.annals.operations.deadletters;

import dev.annals.engine.deciding.CommandResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What came of a dead letter that was sent again.
 *
 * @param version of the aggregate, if it was accepted
 * @param code of a rejection or failure; it and its message are null for other outcomes
 * @param deadLetter where it is now, if it failed again
 */
public record SentAgain(
        Outcome outcome,
        @Nullable Long version,
        @Nullable String code,
        @Nullable String message,
        DeadLetter.@Nullable Position deadLetter) {

    public enum Outcome {
        ACCEPTED,
        REJECTED,
        FAILED,
        /** Neither result nor dead letter came in time. */
        UNKNOWN,
        /** Without a command id, its result can't be told from others. */
        SENT
    }

    static SentAgain without(Outcome outcome) {
        return new SentAgain(outcome, null, null, null, null);
    }

    static SentAgain of(CommandResult result) {
        Outcome outcome = switch (result.outcome()) {
            case ACCEPTED -> Outcome.ACCEPTED;
            case REJECTED -> Outcome.REJECTED;
            case FAILED -> Outcome.FAILED;
        };
        return new SentAgain(outcome, result.knownVersion(), result.code(), result.message(), null);
    }

    static SentAgain buried(ConsumerRecord<byte[], byte[]> letter) {
        DeadLetter buried = DeadLetter.of(letter);
        return new SentAgain(Outcome.FAILED, null, buried.reason(), buried.message(), buried.position());
    }

    /** For who asked that it be sent. */
    public boolean isSuccess() {
        return outcome == Outcome.ACCEPTED || outcome == Outcome.SENT;
    }
}
