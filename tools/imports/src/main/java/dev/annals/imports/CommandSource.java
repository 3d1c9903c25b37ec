package dev.annals.imports;

import dev.annals.operations.OperationFailedException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Recorded data that becomes commands.
 *
 * @param <N> what is kept of a command until its result comes
 */
interface CommandSource<N> {

    /** For people, and the first part of the command ids. */
    String name();

    String aggregateType();

    /** The classes of all payloads. */
    List<Class<? extends Record>> payloads();

    /**
     * Reads the whole input once and sends nothing, so that malformed input is found before the first command.
     *
     * @throws OperationFailedException if the input is malformed
     */
    Survey survey();

    /**
     * Hands over every command, in the order to send; the same each time. Comes after {@link #survey}.
     *
     * @throws OperationFailedException if the input is malformed
     */
    void forEach(Consumer<Outgoing<N>> commands);

    /**
     * What is in the input.
     *
     * @param skipped how many of what was left out, by what it is
     */
    record Survey(long commands, Map<String, Long> skipped) {}

    /**
     * A command to send.
     *
     * @param aggregateId the record's key
     * @param commandId derived from the input, so that the same input gives the same ids
     * @param payload the domain's record
     * @param time when it happened, by the input
     * @param expectedVersion null: any
     * @param note what the source wants to know when the result comes; kept as long as the command is in flight
     */
    record Outgoing<N>(
            String aggregateId,
            String commandId,
            Record payload,
            Instant time,
            @Nullable Long expectedVersion,
            N note) {}
}
