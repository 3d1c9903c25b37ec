package dev.annals.operations.http;

import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.BrokerFailedException;
import dev.annals.service.http.ProblemException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an operation that fails is over HTTP. */
public final class OperationProblems {

    private OperationProblems() {}

    /**
     * The operation's result.
     *
     * @throws ProblemException 503 where a broker does not answer, 409 where as things are it can't be done
     */
    public static <T extends @Nullable Object> T done(Supplier<T> operation) {
        try {
            return operation.get();
        } catch (BrokerFailedException e) {
            throw ProblemException.of(503, "kafka-unavailable", String.valueOf(e.getMessage()))
                    .withHeader("Retry-After", "1");
        } catch (OperationFailedException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    /** 409: as things are, it can't be done. */
    public static ProblemException refused(String why) {
        return ProblemException.of(409, "not-possible-now", why);
    }
}
