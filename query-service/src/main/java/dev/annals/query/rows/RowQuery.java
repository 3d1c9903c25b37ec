package dev.annals.query.rows;

import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.KeyQuery;
import dev.annals.query.routing.MinVersion;
import dev.annals.query.routing.Parameters;
import dev.annals.query.routing.Router;
import dev.annals.query.routing.Visibility;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import dev.annals.query.views.ServedView;
import dev.annals.query.views.ViewTable;
import dev.annals.service.http.CoreRoute;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Requests;
import dev.annals.service.http.Response;
import dev.annals.service.views.ViewRegistry;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/{view}/{key}}: one row of one generation, at once or when it has a version. */
@SuppressWarnings("ArrayRecordComponent") // a request, never compared
public record RowQuery(
        ViewTable rows,
        ViewRegistry board,
        String key,
        byte[] partitionKey,
        Visibility visibility,
        ForwardedRequest asked)
        implements KeyQuery {

    public static void answer(Context ctx, Router router, ServedView view, ViewRegistry board) {
        Parameters.allowOnly(ctx, List.of(Parameters.MIN_VERSION, Parameters.TIMEOUT));
        Visibility visibility = Visibility.of(Requests.caller(ctx));
        router.answer(
                ctx,
                MinVersion.of(ctx),
                attempts(view, board, ctx.pathParam("key"), visibility, ForwardedRequest.of(ctx)));
    }

    /** @return null where it is not here */
    public static @Nullable Response atOnce(
            CoreRoute.Request request, Router router, ServedView view, ViewRegistry board) {
        ForwardedRequest asked = ForwardedRequest.ofClient(request.path());
        Visibility visibility = Visibility.of(request.caller());
        return router.atOnce(
                MinVersion.NONE, attempts(view, board, request.parameters().getLast(), visibility, asked));
    }

    private static Supplier<RowQuery> attempts(
            ServedView view, ViewRegistry board, String key, Visibility visibility, ForwardedRequest asked) {
        byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
        return () -> new RowQuery(view.of(asked), board, key, utf8, visibility, asked);
    }

    @Override
    public TopicTable table() {
        return rows.table();
    }

    @Override
    public ForwardedRequest request() {
        return asked.in(rows.generation());
    }

    @Override
    public byte[] awaitedKey() {
        return partitionKey;
    }

    @Override
    public long version(Shard shard) {
        IndexedRecord row = row(shard);
        return row == null ? 0 : ViewTable.version(row);
    }

    @Override
    public Response read(Shard shard) {
        IndexedRecord row = row(shard);
        if (row == null) {
            shard.requireComplete();
            throw ProblemException.of(404, "row-not-found", "the view %s has no row '%s'".formatted(rows.name(), key));
        }
        return Response.json(json -> AvroToJson.write(row, json)).with("ETag", "\"" + ViewTable.version(row) + "\"");
    }

    /** Null also for one that is not to be seen. */
    private @Nullable IndexedRecord row(Shard shard) {
        StoredRecord record = shard.get(partitionKey);
        IndexedRecord row = record == null ? null : rows.row(record);
        return row == null || !visibility.sees(row) ? null : row;
    }

    @Override
    public @Nullable Stop stop() {
        return board.stop(rows.id());
    }

    @Override
    public String what() {
        return "row '%s' of %s".formatted(key, rows.name());
    }
}
