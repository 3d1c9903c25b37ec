package dev.annals.query.events;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.engine.kafka.EventKey;
import dev.annals.query.routing.Cursor;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.MinVersion;
import dev.annals.query.routing.Parameters;
import dev.annals.query.routing.Router;
import dev.annals.query.table.Shard;
import dev.annals.service.http.Requests;
import dev.annals.service.http.Response;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;

/**
 * {@code GET /v1/{type}/{id}/events} and {@code …/processes/{process}/{id}/history}: a part of a stream, in order.
 * Limit and cursor count what is stored: a page has more items than its limit where an upcaster splits an event.
 *
 * @param from the first version
 */
record HistoryQuery(StreamTable streams, String id, long from, int limit, MinVersion min, ForwardedRequest request)
        implements StreamQuery {

    static void answer(Context ctx, Router router, StreamTable streams) {
        Parameters.allowOnly(
                ctx,
                List.of(
                        Parameters.FROM,
                        Parameters.LIMIT,
                        Parameters.CURSOR,
                        Parameters.MIN_VERSION,
                        Parameters.TIMEOUT));
        byte[] after = Cursor.read(ctx.queryParam(Parameters.CURSOR));
        long from = Requests.wholeNumber(ctx, Parameters.FROM, 1, 1, EventKey.MAX_VERSION);
        HistoryQuery query = new HistoryQuery(
                streams,
                streams.requireValid(ctx.pathParam("id")),
                after == null ? from : version(after) + 1,
                Parameters.limit(ctx, Parameters.DEFAULT_EVENTS),
                MinVersion.of(ctx),
                ForwardedRequest.of(ctx));
        router.answer(ctx, query.min, () -> query);
    }

    private static long version(byte[] key) {
        try {
            return EventKey.parse(key).version();
        } catch (IllegalArgumentException e) {
            throw Requests.invalid(Parameters.CURSOR, "the nextCursor of an earlier page", "another one");
        }
    }

    @Override
    public Response read(Shard shard) {
        try (Shard.Range stream = StreamTable.stream(shard, id, from)) {
            if (!stream.hasNext()) {
                streams.requireStream(shard, id);
            }
            return Response.json(json -> page(streams.versions(stream, from), json));
        }
    }

    private void page(Versions stream, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("items");
        long last = 0;
        for (int i = 0; i < limit && stream.hasNext(); i++) {
            Versions.Version version = stream.next();
            last = version.number();
            for (Response.Body item : streams.items(id, version)) {
                item.write(json);
            }
        }
        json.writeEndArray();
        json.writeStringField("nextCursor", stream.hasNext() ? Cursor.after(new EventKey(id, last).toBytes()) : null);
        json.writeEndObject();
    }
}
