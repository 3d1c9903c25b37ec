package dev.annals.query.api;

import dev.annals.engine.json.AvroToJson;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import dev.annals.service.http.Problem;
import dev.annals.service.views.ViewBoard;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/{view}/{key}}: one row, at once or when it has a version. */
@SuppressWarnings("ArrayRecordComponent") // a request, never compared
record RowQuery(Router router, ViewBoard board, ServedView view, String key, byte[] utf8, Wanted wanted, Target target)
        implements Query {

    static RowQuery of(Router router, ViewBoard board, ServedView view, Context ctx, String key) {
        Parameters.allowOnly(ctx, List.of(Parameters.MIN_VERSION, Parameters.TIMEOUT));
        return new RowQuery(
                router, board, view, key, key.getBytes(StandardCharsets.UTF_8), Wanted.of(ctx), Target.of(ctx));
    }

    /** From one generation; the next attempt may find another. */
    @Override
    public Answer answer(Patience patience) {
        String what = "row '%s' of %s".formatted(key, view.name());
        ViewTable rows = view.of(target);
        TopicTable table = rows.table();
        return router.route(
                table,
                utf8,
                target.in(rows.generation()),
                patience,
                patienceAsked(),
                shards -> wanted.answer(
                        patience,
                        what,
                        table.waiters(),
                        utf8,
                        shards,
                        shard -> look(rows, shard),
                        () -> board.stop(rows.id())));
    }

    @Override
    public Duration patienceAsked() {
        return wanted.patience();
    }

    private Wanted.Seen look(ViewTable rows, Shard shard) {
        IndexedRecord row = read(rows, shard);
        return row == null
                ? new Wanted.Seen(0, () -> notFound(shard))
                : new Wanted.Seen(ViewTable.version(row), () -> answer(row));
    }

    private @Nullable IndexedRecord read(ViewTable rows, Shard shard) {
        StoredRecord record = shard.get(utf8);
        return record == null ? null : rows.row(record);
    }

    private static Answer answer(IndexedRecord row) {
        return Answer.json(json -> AvroToJson.write(row, json)).with("ETag", "\"" + ViewTable.version(row) + "\"");
    }

    private Answer notFound(Shard shard) {
        shard.requireComplete();
        throw Problem.of(404, "row-not-found", "the view %s has no row '%s'".formatted(view.name(), key))
                .asException();
    }
}
