package dev.annals.query.api;

import dev.annals.core.json.AvroToJson;
import dev.annals.core.kafka.AggregateIds;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.service.http.Problem;
import dev.annals.service.http.ProblemException;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/{type}/{id}/state}: the aggregate as it is or was.
 *
 * @param version the last event that counts, or null
 * @param at the events before the first that is later count, or null
 */
record StateQuery(
        Router router,
        EventTable<?, ?, ?> events,
        String id,
        @Nullable Long version,
        @Nullable Instant at,
        Wanted wanted,
        Target target)
        implements Query {

    static StateQuery of(Router router, EventTable<?, ?, ?> events, Context ctx, String id) {
        Parameters.allowOnly(
                ctx, List.of(Parameters.VERSION, Parameters.AT, Parameters.MIN_VERSION, Parameters.TIMEOUT));
        Long version = Parameters.version(ctx, Parameters.VERSION);
        Instant at = Parameters.time(ctx, Parameters.AT);
        if (version != null && at != null) {
            throw Parameters.invalid(Parameters.AT, "either version or at", "both");
        }
        return new StateQuery(router, events, aggregateId(id), version, at, Wanted.of(ctx), Target.of(ctx));
    }

    static String aggregateId(String id) {
        if (!AggregateIds.isValid(id)) {
            throw Problem.of(400, "invalid-id", "aggregate id '%s': expected %s".formatted(id, AggregateIds.RULE))
                    .asException();
        }
        return id;
    }

    static ProblemException notFound(String type, String id) {
        return Problem.of(404, "aggregate-not-found", "%s '%s' has no events".formatted(type, id))
                .asException();
    }

    @Override
    public Answer answer(Patience patience) {
        return events.answer(router, id, target, patience, wanted, this::here);
    }

    @Override
    public Duration patienceAsked() {
        return wanted.patience();
    }

    private Answer here(Shard shard) {
        EventTable.Folded folded = events.fold(shard, id, this::includes);
        if (folded == null) {
            shard.requireComplete();
            throw at == null ? notFound(events.name(), id) : notYet(at);
        }
        if (version != null && folded.version() < version) {
            shard.requireComplete();
            throw Problem.of(
                            404,
                            "version-not-found",
                            "%s '%s' has version %d, there is no %d"
                                    .formatted(events.name(), id, folded.version(), version))
                    .with("version", folded.version())
                    .asException();
        }
        return Answer.json(json -> {
                    json.writeStartObject();
                    json.writeStringField("id", id);
                    json.writeNumberField("version", folded.version());
                    json.writeFieldName("state");
                    AvroToJson.write(folded.state(), json);
                    json.writeEndObject();
                })
                .with("ETag", "\"" + folded.version() + "\"");
    }

    private boolean includes(long next, StoredRecord event) {
        if (version != null) {
            return next <= version;
        }
        if (at == null) {
            return true;
        }
        Instant time = EventTable.time(event);
        return time == null || !time.isAfter(at);
    }

    private ProblemException notYet(Instant time) {
        return Problem.of(404, "aggregate-not-found", "%s '%s' had no events at %s".formatted(events.name(), id, time))
                .asException();
    }
}
