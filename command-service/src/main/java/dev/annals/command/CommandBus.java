package dev.annals.command;

import dev.annals.lanes.CommandAnswer;
import dev.annals.lanes.CommandMessage;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Has commands decided, wherever their aggregates live. Thread-safe. */
interface CommandBus {

    /**
     * @param wait for the answer; zero: not at all
     * @return its answer; empty where there was none in time, and then the command is durable in its topic. Fails with
     *     {@link dev.annals.lanes.EngineFullException} where too many are in flight, and with a
     *     {@link org.apache.kafka.common.KafkaException} where the brokers or the registry are away
     */
    CompletionStage<Optional<CommandAnswer>> send(CommandMessage command, Duration wait);

    /**
     * What a command would come to; nothing of it is written or kept.
     *
     * @return fails with {@link dev.annals.lanes.LaneMovedException} where nobody can say now
     */
    CompletionStage<CommandAnswer> tryOut(CommandMessage command, Duration wait);
}
