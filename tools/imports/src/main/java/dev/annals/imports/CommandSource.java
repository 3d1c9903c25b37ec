package dev.annals.imports;

import dev.annals.operations.OperationFailedException;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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
}
