package dev.annals.query.events;

import dev.annals.engine.kafka.EventKey;
import dev.annals.query.routing.Cursor;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.MinVersion;
import dev.annals.query.routing.Page;
import dev.annals.query.routing.Parameters;
import dev.annals.query.routing.Router;
import dev.annals.query.routing.Visibility;
import dev.annals.query.table.Shard;
import dev.annals.service.http.Requests;
import dev.annals.service.http.Response;
import io.javalin.http.Context;
import java.util.List;

/**
 * {@code GET /v1/{type}/{id}/events} and {@code …/processes/{process}/{id}/history}: a part of a stream, in order.
 * Limit and cursor count what is stored: a page has more items than its limit where an upcaster splits an event, and
 * fewer where they are large ({@link Page}).
 *
 * @param from the first version
 */
record HistoryQuery(
        StreamTable streams,
        String id,
        long from,
        int limit,
        MinVersion min,
        Visibility visibility,
        ForwardedRequest request)
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
                Visibility.of(Requests.caller(ctx)),
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
            if (!stream.hasNext() || !isVisible(shard)) {
                streams.requireStream(shard, id, visibility);
            }
            return page(streams.versions(stream, from));
        }
    }

    private Response page(Versions stream) {
        Page page = new Page();
        long last = 0;
        boolean more = stream.hasNext();
        for (int i = 0; i < limit && more; i++) {
            Versions.Version version = stream.next();
            if (!page.add(json(version))) {
                break;
            }
            last = version.number();
            more = stream.hasNext();
        }
        return page.toJson("nextCursor", more ? new EventKey(id, last).toBytes() : null);
    }

    private List<byte[]> json(Versions.Version version) {
        return streams.items(id, version).stream()
                .map(item -> Response.json(item).body())
                .toList();
    }
}
