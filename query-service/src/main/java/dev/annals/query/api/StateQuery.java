package dev.annals.query.api;

import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.query.table.Shard;
import dev.annals.service.http.Problem;
import dev.annals.service.http.ProblemException;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** {@code GET /v1/{type}/{id}/state}: the aggregate as it is or was. */
record StateQuery(Router router, EventTable<?, ?, ?> events, String id, Until until, Wanted wanted, Target target)
        implements Query {

    static StateQuery of(Router router, EventTable<?, ?, ?> events, Context ctx, String id) {
        Parameters.allowOnly(
                ctx, List.of(Parameters.VERSION, Parameters.AT, Parameters.MIN_VERSION, Parameters.TIMEOUT));
        Long version = Parameters.version(ctx, Parameters.VERSION);
        Instant at = Parameters.time(ctx, Parameters.AT);
        if (version != null && at != null) {
            throw Parameters.invalid(Parameters.AT, "either version or at", "both");
        }
        return new StateQuery(router, events, aggregateId(id), new Until(version, at), Wanted.of(ctx), Target.of(ctx));
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
        EventTable.Folded folded = events.fold(shard, id, until);
        if (folded == null) {
            shard.requireComplete();
            throw until.at() == null ? notFound(events.name(), id) : notYet(until.at());
        }
        Long version = until.version();
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

    private ProblemException notYet(Instant time) {
        return Problem.of(404, "aggregate-not-found", "%s '%s' had no events at %s".formatted(events.name(), id, time))
                .asException();
    }
}
