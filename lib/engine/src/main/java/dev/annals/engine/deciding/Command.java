package dev.annals.engine.deciding;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A command as the handler gets it: read, and addressed to one aggregate.
 *
 * @param aggregateId which aggregate
 * @param id the idempotency key; null: the command is not deduplicated
 * @param name under which the id is kept ({@link ActorTrust#nameOf}); null where there is none
 * @param type full name of the Avro record
 * @param payload what was asked
 * @param fingerprint of type and payload, to tell a repeat from a reuse of the id
 * @param expectedVersion that the aggregate must have; null: any; 0: it must not exist
 * @param time when it was asked, by the sender's clock ({@code ce_time}), else the record's timestamp
 * @param correlationId passed on
 * @param restrictions of its sender to their own: one must hold; empty: none
 */
record Command<C>(
        String aggregateId,
        @Nullable String id,
        @Nullable String name,
        String type,
        C payload,
        PayloadFingerprint fingerprint,
        @Nullable Long expectedVersion,
        Instant time,
        @Nullable String correlationId,
        List<Restriction> restrictions) {}
