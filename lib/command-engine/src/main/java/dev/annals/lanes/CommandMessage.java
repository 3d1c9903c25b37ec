package dev.annals.lanes;

import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A command, as it is sent to an aggregate.
 *
 * @param type of the aggregate
 * @param commandId under which it is decided once, however often it is sent
 * @param payload of one of the type's schemas
 * @param expectedVersion that the aggregate must have; 0: it must not exist; null: any
 */
public record CommandMessage(
        String type,
        String aggregateId,
        String commandId,
        GenericRecord payload,
        @Nullable Long expectedVersion,
        @Nullable String correlationId,
        @Nullable String traceParent) {

    /** Expects no version and belongs to no other. */
    public CommandMessage(String type, String aggregateId, String commandId, GenericRecord payload) {
        this(type, aggregateId, commandId, payload, null, null, null);
    }
}
