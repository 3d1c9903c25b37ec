package dev.annals.command;

import dev.annals.command.PendingCommands.PendingCommand;
import dev.annals.lanes.CommandAnswer;
import dev.annals.lanes.CommandMessage;
import dev.annals.lanes.EngineFullException;
import dev.annals.service.http.ProblemException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.KafkaException;

/** Has commands decided through their topics, and waits for the replies, each on a virtual thread. */
record TopicCommands(CommandSender sender) implements CommandBus {

    @Override
    public CompletionStage<Optional<CommandAnswer>> send(CommandMessage command, Duration wait) {
        PendingCommand sent;
        try {
            sent = sender.send(command);
        } catch (KafkaException e) {
            return CompletableFuture.failedFuture(e);
        }
        return sent == null
                ? CompletableFuture.failedFuture(new EngineFullException(command.type()))
                : CompletableFuture.supplyAsync(
                        () -> Optional.ofNullable(sent.await(wait)).map(result -> new CommandAnswer(result, List.of())),
                        CommandRoutes.VIRTUAL);
    }

    @Override
    public CompletionStage<CommandAnswer> tryOut(CommandMessage command, Duration wait) {
        return CompletableFuture.failedFuture(ProblemException.of(
                501, "no-dry-run", "commands are tried out by %s=lanes alone".formatted(CommandConfig.ENGINE_KEY)));
    }
}
