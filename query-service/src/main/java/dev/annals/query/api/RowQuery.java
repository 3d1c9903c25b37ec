package dev.annals.query.api;

import dev.annals.core.json.AvroToJson;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.Waiters;
import dev.annals.service.http.Problem;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/{view}/{key}}: one row, at once or when it has a version.
 *
 * @param minVersion null to take the row as it is
 * @param deadline of the wait, as {@link System#nanoTime}
 */
@SuppressWarnings("ArrayRecordComponent") // a request, never compared
record RowQuery(
        Router router,
        ViewTable view,
        String key,
        byte[] utf8,
        @Nullable Long minVersion,
        long deadline,
        Target target) implements Query {

    static RowQuery of(Router router, ViewTable view, Context ctx, String key) {
        Parameters.allowOnly(ctx, List.of(Parameters.MIN_VERSION, Parameters.TIMEOUT));
        Long minVersion = Parameters.version(ctx, Parameters.MIN_VERSION);
        Duration timeout = Parameters.timeout(ctx);
        return new RowQuery(
                router,
                view,
                key,
                key.getBytes(StandardCharsets.UTF_8),
                minVersion,
                System.nanoTime() + timeout.toNanos(),
                Target.of(ctx));
    }

    @Override
    public Answer answer(Patience patience) {
        return router.route(view.table(), utf8, target, patience, patienceAsked(), shard -> here(shard, patience));
    }

    @Override
    public Duration patienceAsked() {
        return minVersion == null ? Duration.ZERO : Duration.ofNanos(left());
    }

    private long left() {
        return Math.max(0, deadline - System.nanoTime());
    }

    private Answer here(Shard shard, Patience patience) {
        IndexedRecord row = read(shard);
        if (minVersion == null) {
            return row == null ? notFound() : answer(row);
        }
        if (row != null && ViewTable.version(row) >= minVersion) {
            return answer(row);
        }
        if (patience == Patience.NONE) {
            throw new TableUnavailableException("the row is not there yet");
        }
        return awaited(minVersion);
    }

    private Answer awaited(long wanted) {
        try (Waiters.Waiter waiter = view.table().waiters().enter(utf8)) {
            while (true) {
                // Looked up anew each time: the partition may move while we wait, and is then asked for elsewhere.
                IndexedRecord row = read(view.table().shard(view.table().partitionOf(utf8)));
                long reached = row == null ? 0 : ViewTable.version(row);
                if (row != null && reached >= wanted) {
                    return answer(row);
                }
                long left = left();
                if (left == 0) {
                    throw tooLate(wanted, reached);
                }
                waiter.await(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Answering.unavailable("the service is stopping");
        }
    }

    private @Nullable IndexedRecord read(Shard shard) {
        StoredRecord record = shard.get(utf8);
        return record == null ? null : view.row(record);
    }

    private Answer answer(IndexedRecord row) {
        String etag = "\"" + ViewTable.version(row) + "\"";
        Answer answer = matches(target.ifNoneMatch(), etag)
                ? Answer.notModified()
                : Answer.json(json -> AvroToJson.write(row, json));
        return answer.with("ETag", etag);
    }

    /** Weak comparison, as RFC 9110 has it for {@code If-None-Match}. */
    private static boolean matches(@Nullable String ifNoneMatch, String etag) {
        return ifNoneMatch != null
                && Arrays.stream(ifNoneMatch.split(",", -1))
                        .map(String::strip)
                        .anyMatch(tag -> tag.equals("*") || tag.equals(etag) || tag.equals("W/" + etag));
    }

    private Answer notFound() {
        throw Problem.of(404, "row-not-found", "the view %s has no row '%s'".formatted(view.name(), key))
                .asException();
    }

    private RuntimeException tooLate(long wanted, long reached) {
        return Problem.of(
                        504,
                        "version-not-reached",
                        "row '%s' of %s has version %d, not yet %d; ask again or wait longer with %s"
                                .formatted(key, view.name(), reached, wanted, Parameters.TIMEOUT))
                .with("version", reached)
                .asException();
    }
}
