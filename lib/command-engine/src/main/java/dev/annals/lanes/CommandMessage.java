package dev.annals.lanes;

import dev.annals.engine.deciding.Restriction;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * A command, as it is sent to an aggregate.
 *
 * @param type of the aggregate
 * @param commandId under which it is decided once, however often it is sent
 * @param payload of one of the type's schemas
 * @param expectedVersion that the aggregate must have; 0: it must not exist; null: any
 * @param actor who asks; null: nobody whom the sender knows
 */
public record CommandMessage(
        String type,
        String aggregateId,
        String commandId,
        GenericRecord payload,
        @Nullable Long expectedVersion,
        @Nullable String correlationId,
        @Nullable String traceParent,
        @Nullable Actor actor) {

    /**
     * Who asks, as the CloudEvents extension {@code authcontext} has it.
     *
     * @param id {@code ce_authid}
     * @param type {@code ce_authtype}: {@code app_user}, {@code service_account}, …
     * @param restrictions to their own, of which one must hold of the aggregate; empty: they may send it to any
     */
    public record Actor(String id, String type, List<Restriction> restrictions) {

        public Actor {
            restrictions = List.copyOf(restrictions);
        }
    }

    /** Expects no version, belongs to no other, and nobody is known to ask for it. */
    public CommandMessage(String type, String aggregateId, String commandId, GenericRecord payload) {
        this(type, aggregateId, commandId, payload, null, null, null, null);
    }
}
