package dev.annals.checker.workload;

import dev.annals.checker.history.Answer;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.lanes.CommandAnswer;
import dev.annals.lanes.CommandGateway;
import dev.annals.lanes.CommandMessage;
import dev.annals.lanes.EngineFullException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Commands to a gateway in this JVM.
 *
 * @param open the gateway; null while there is none
 */
record GatewayChannel(Supplier<@Nullable CommandGateway> open) {

    private static final Duration WAIT = Duration.ofSeconds(4);

    /** By then a gateway has said what it knows, also where the brokers are away. */
    private static final Duration ANSWER_LIMIT =
            WAIT.plus(CommandGateway.DELIVERY_LIMIT).plus(CommandGateway.BLOCKING_LIMIT.multipliedBy(2));

    private static final int TOO_MANY = 429;
    private static final int BROKEN = 500;

    /** Waits for the answer, within a limit. Thread-safe. */
    Call send(Request request) throws InterruptedException {
        long invoked = System.nanoTime();
        CommandGateway gateway = open.get();
        if (gateway == null) {
            return request.answered(Call.GATEWAY, invoked, new Answer.Unknown("there is no gateway now"), false);
        }
        try {
            Optional<CommandAnswer> told = gateway.send(message(request), WAIT)
                    .toCompletableFuture()
                    .get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return told.map(each -> request.answered(Call.GATEWAY, invoked, Decided.of(each.result()), false))
                    .orElseGet(() -> request.answered(
                            Call.GATEWAY, invoked, new Answer.Unknown("not yet: it is durable in its topic"), true));
        } catch (ExecutionException e) {
            return request.answered(Call.GATEWAY, invoked, failed(gateway, e.getCause()), false);
        } catch (TimeoutException e) {
            return request.answered(Call.GATEWAY, invoked, new Answer.Unknown(e.toString()), false);
        }
    }

    private static CommandMessage message(Request request) {
        return new CommandMessage(
                request.aggregate().type(),
                request.aggregate().id(),
                request.commandId(),
                request.avro(),
                request.expectedVersion(),
                null,
                request.trace(),
                null);
    }

    /** @param of whom it was asked; one that was closed meanwhile may say what it likes */
    private Answer failed(CommandGateway of, @Nullable Throwable cause) {
        if (cause instanceof EngineFullException) {
            return new Answer.Refused(TOO_MANY, cause.toString());
        }
        return cause instanceof KafkaException || !of.equals(open.get())
                ? new Answer.Unknown(String.valueOf(cause))
                : new Answer.Refused(BROKEN, String.valueOf(cause));
    }
}
