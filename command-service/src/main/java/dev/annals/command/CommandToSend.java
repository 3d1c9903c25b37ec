package dev.annals.command;

import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A command on its way to the topic.
 *
 * @param id the idempotency key
 * @param expectedVersion null: any; 0: must not exist
 */
record CommandToSend(
        String aggregateType,
        String aggregateId,
        String id,
        GenericRecord payload,
        @Nullable Long expectedVersion,
        @Nullable String correlationId,
        @Nullable String traceParent) {}
