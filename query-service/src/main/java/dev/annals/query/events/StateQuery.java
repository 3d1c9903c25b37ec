package dev.annals.query.events;

import dev.annals.engine.json.AvroToJson;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.MinVersion;
import dev.annals.query.routing.Parameters;
import dev.annals.query.routing.Router;
import dev.annals.query.routing.Visibility;
import dev.annals.query.table.Shard;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Requests;
import dev.annals.service.http.Response;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;

/** {@code GET /v1/{type}/{id}/state} and {@code …/processes/{process}/{id}}: what a stream adds up to, or did once. */
record StateQuery(
        StreamTable streams, String id, AsOf asOf, MinVersion min, Visibility visibility, ForwardedRequest request)
        implements StreamQuery {

    static void answer(Context ctx, Router router, StreamTable streams) {
        Parameters.allowOnly(
                ctx, List.of(Parameters.VERSION, Parameters.AT, Parameters.MIN_VERSION, Parameters.TIMEOUT));
        Long version = Parameters.version(ctx, Parameters.VERSION);
        Instant at = Parameters.time(ctx, Parameters.AT);
        if (version != null && at != null) {
            throw Requests.invalid(Parameters.AT, "either version or at", "both");
        }
        answer(ctx, router, streams, new AsOf(version, at));
    }

    static void answerNow(Context ctx, Router router, StreamTable streams) {
        Parameters.allowOnly(ctx, List.of(Parameters.MIN_VERSION, Parameters.TIMEOUT));
        answer(ctx, router, streams, AsOf.END);
    }

    private static void answer(Context ctx, Router router, StreamTable streams, AsOf asOf) {
        StateQuery query = new StateQuery(
                streams,
                streams.requireValid(ctx.pathParam("id")),
                asOf,
                MinVersion.of(ctx),
                Visibility.of(Requests.caller(ctx)),
                ForwardedRequest.of(ctx));
        router.answer(ctx, query.min, () -> query);
    }

    @Override
    public Response read(Shard shard) {
        StreamTable.Folded folded = isVisible(shard) ? streams.state(shard, id, asOf) : null;
        if (folded == null) {
            String none = (asOf.at() == null ? "has no %s" : "had no %s at " + asOf.at()).formatted(streams.records());
            throw streams.notFound(shard, "%s %s".formatted(what(), none));
        }
        Long version = asOf.version();
        if (version != null && folded.version() < version) {
            shard.requireComplete();
            throw ProblemException.of(
                            404,
                            "version-not-found",
                            "%s has version %d, there is no %d".formatted(what(), folded.version(), version))
                    .with("version", folded.version());
        }
        return Response.json(json -> {
                    json.writeStartObject();
                    json.writeStringField("id", id);
                    json.writeNumberField("version", folded.version());
                    folded.writeMore(json);
                    json.writeFieldName("state");
                    AvroToJson.write(folded.state(), json);
                    json.writeEndObject();
                })
                .with("ETag", "\"" + folded.version() + "\"");
    }
}
