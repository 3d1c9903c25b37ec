package dev.annals.query.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.engine.kafka.EventKey;
import dev.annals.query.table.Shard;
import dev.annals.service.http.Requests;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * {@code GET /v1/{type}/{id}/events}: a part of a stream, in order. Limit and cursor count what is stored: a page has more items
 * than its limit where an upcaster splits an event.
 *
 * @param from the first version
 */
record HistoryQuery(
        Router router, EventTable<?, ?, ?> events, String id, long from, int limit, Wanted wanted, Target target)
        implements Query {

    static HistoryQuery of(Router router, EventTable<?, ?, ?> events, Context ctx, String id) {
        Parameters.allowOnly(
                ctx,
                List.of(
                        Parameters.FROM,
                        Parameters.LIMIT,
                        Parameters.CURSOR,
                        Parameters.MIN_VERSION,
                        Parameters.TIMEOUT));
        byte[] after = Cursor.read(ctx.queryParam(Parameters.CURSOR));
        long from = Requests.wholeNumber(ctx, Parameters.FROM, 1, 1, Long.MAX_VALUE);
        return new HistoryQuery(
                router,
                events,
                StateQuery.aggregateId(id),
                after == null ? from : version(after) + 1,
                Parameters.limit(ctx, Parameters.DEFAULT_EVENTS),
                Wanted.of(ctx),
                Target.of(ctx));
    }

    private static long version(byte[] key) {
        try {
            return EventKey.parse(key).version();
        } catch (IllegalArgumentException e) {
            throw Parameters.invalid(Parameters.CURSOR, "the nextCursor of an earlier page", "another one");
        }
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
        try (Shard.Range stream = EventTable.stream(shard, id, from)) {
            if (!stream.hasNext()) {
                events.requireAggregate(shard, id);
            }
            return Answer.json(json -> page(events.versions(stream, from), json));
        }
    }

    private void page(Versions stream, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeArrayFieldStart("items");
        long last = 0;
        for (int i = 0; i < limit && stream.hasNext(); i++) {
            Versions.Version version = stream.next();
            last = version.number();
            for (Answer.Body item : events.items(id, version)) {
                item.write(json);
            }
        }
        json.writeEndArray();
        json.writeStringField("nextCursor", stream.hasNext() ? Cursor.after(new EventKey(id, last).toBytes()) : null);
        json.writeEndObject();
    }
}
