package dev.annals.cli.kafka;

import dev.annals.cli.client.CommandFailureException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;

/** Waits for what a broker is asked for, and says to a person what to do where it does not answer. */
public record BrokerAnswers(KafkaAccess kafka, Duration limit) {

    /** @throws CommandFailureException if it is refused, or does not come in time */
    public <T> T of(Future<T> question) {
        try {
            return orFailed(question);
        } catch (ExecutionException e) {
            throw none(e);
        }
    }

    /**
     * As {@link #of}, for whom a refusal says something.
     *
     * @throws ExecutionException if it is refused
     * @throws CommandFailureException if it does not come in time
     */
    public <T> T orFailed(Future<T> question) throws ExecutionException {
        try {
            return question.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw none(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw none(e);
        }
    }

    /** What to tell of a question that was not answered. */
    public CommandFailureException none(Exception e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return new CommandFailureException(
                "the broker at %s did not do it within %d s: %s"
                        .formatted(kafka.bootstrapServers(), limit.toSeconds(), cause),
                e);
    }

    /**
     * What a consumer says, which waits by itself.
     *
     * @throws CommandFailureException if it is refused, or does not come in time
     */
    public <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw new CommandFailureException(
                    "no broker answers at %s within %d s: does it run, and is the address right?"
                            .formatted(kafka.bootstrapServers(), limit.toSeconds()),
                    e);
        } catch (KafkaException e) {
            throw new CommandFailureException(
                    "the broker at %s: %s".formatted(kafka.bootstrapServers(), e.getMessage()), e);
        }
    }
}
