package dev.annals.imports;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

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
