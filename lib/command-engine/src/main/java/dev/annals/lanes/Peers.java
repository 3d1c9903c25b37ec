package dev.annals.lanes;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.streams.processor.api.Record;

/** How a gateway reaches the instances that own what this one does not. Thread-safe. */
public interface Peers {

    /** Nobody is reached: what lives elsewhere goes through its topic. */
    Peers NONE = (address, request, limit) -> CompletableFuture.failedFuture(new IOException("nobody is asked"));

    /**
     * What another instance is asked.
     *
     * @param type of the aggregate
     * @param command as its sender would write it to the topic
     * @param dryRun whether it is only to be tried out
     */
    record Request(String type, Record<byte[], byte[]> command, boolean dryRun) {}

    /**
     * Asks the owner, one hop away, who decides it himself or not at all.
     *
     * @param address as the owner has told it, {@code host:port}
     * @return the answer; whatever fails, the command may have been decided or not
     */
    CompletionStage<CommandAnswer> ask(String address, Request request, Duration limit);
}
