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
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/{type}/{id}/events} and {@code …/processes/{process}/{id}/history}: a part of a stream, in order, or
 * with {@code order=desc} the newest first. Limit and cursor count what is stored: a page has more items than its limit
 * where an upcaster splits an event, and fewer where they are large ({@link Page}).
 *
 * @param from the version with which it begins
 */
record HistoryQuery(
        StreamTable streams,
        String id,
        long from,
        Order order,
        int limit,
        MinVersion min,
        Visibility visibility,
        ForwardedRequest request)
        implements StreamQuery {

    /** Which way through the versions; named as in the query. */
    enum Order {
        ASC,
        DESC;

        static Order of(@Nullable String text) {
            for (Order each : values()) {
                if (text == null || each.name().toLowerCase(Locale.ROOT).equals(text)) {
                    return each;
                }
            }
            throw Requests.invalid(Parameters.ORDER, "asc or desc", "'" + text + "'");
        }

        /** Where a page begins that is not told where. */
        long first() {
            return this == ASC ? 1 : EventKey.MAX_VERSION;
        }

        /** The version that comes after another; 0 if none does. */
        long after(long version) {
            return this == ASC ? version + 1 : version - 1;
        }
    }

    static void answer(Context ctx, Router router, StreamTable streams) {
        Parameters.allowOnly(
                ctx,
                List.of(
                        Parameters.FROM,
                        Parameters.ORDER,
                        Parameters.LIMIT,
                        Parameters.CURSOR,
                        Parameters.MIN_VERSION,
                        Parameters.TIMEOUT));
        byte[] after = Cursor.read(ctx.queryParam(Parameters.CURSOR));
        Order order = Order.of(ctx.queryParam(Parameters.ORDER));
        long from = Requests.wholeNumber(ctx, Parameters.FROM, order.first(), 1, EventKey.MAX_VERSION);
        HistoryQuery query = new HistoryQuery(
                streams,
                streams.requireValid(ctx.pathParam("id")),
                after == null ? from : order.after(version(after)),
                order,
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
        try (Shard.Range stream =
                order == Order.ASC ? StreamTable.stream(shard, id, from) : StreamTable.backwards(shard, id, from)) {
            if (!stream.hasNext() || !isVisible(shard)) {
                streams.requireStream(shard, id, visibility);
            }
            return page(order == Order.ASC ? streams.versions(stream, from) : newestFirst(shard, stream));
        }
    }

    /** What a version is that has no record, says the record behind it. */
    private Iterator<Versions.Version> newestFirst(Shard shard, Shard.Range stream) {
        try (Shard.Range behind = StreamTable.stream(shard, id, from + 1)) {
            return streams.newestFirst(stream, behind.hasNext() ? behind.next() : null, from);
        }
    }

    private Response page(Iterator<Versions.Version> stream) {
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
        List<byte[]> parts = streams.items(id, version).stream()
                .map(item -> Response.json(item).body())
                .toList();
        return order == Order.ASC ? parts : parts.reversed();
    }
}
