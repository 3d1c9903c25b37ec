package dev.annals.query.rows;

import dev.annals.api.Filter;
import dev.annals.query.routing.Cursor;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.Parameters;
import dev.annals.query.routing.Peers;
import dev.annals.query.routing.Response;
import dev.annals.query.routing.WaitingRequests;
import dev.annals.query.table.Shard;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.TopicTable;
import dev.annals.query.views.ServedView;
import dev.annals.query.views.ViewTable;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/{view}}: rows of all partitions in key order, from all instances.
 *
 * <p>Each instance looks at no more than {@link RowScan#MAX_SCANNED} rows, so a page of a filter that few rows match
 * can be short, even empty, and still have a next one.
 *
 * @param after the key at which the page before ended, or null
 */
@SuppressWarnings("ArrayRecordComponent") // a request, never compared
public record PageQuery(
        Peers peers,
        ServedView view,
        int limit,
        byte @Nullable [] after,
        List<FieldFilter> filters,
        ForwardedRequest request) {

    /** At once, on the request's own thread, where all partitions are here; else on a virtual thread. */
    public static void answer(Context ctx, WaitingRequests waiting, Peers peers, ServedView view) {
        PageQuery query = of(ctx, peers, view);
        try {
            waiting.requireSteady();
            Response page = query.here(view.of(query.request));
            if (page != null) {
                page.send(ctx);
                return;
            }
        } catch (TableUnavailableException e) {
            // Partitions move or catch up.
        }
        waiting.answer(ctx, Duration.ZERO, query::everywhere);
    }

    private static PageQuery of(Context ctx, Peers peers, ServedView view) {
        List<String> allowed = new ArrayList<>(List.of(Parameters.LIMIT, Parameters.CURSOR));
        view.filters().forEach(filter -> allowed.add(filter.parameter()));
        Parameters.allowOnly(ctx, allowed);
        List<FieldFilter> filters = new ArrayList<>();
        for (Filter filter : view.filters()) {
            String value = ctx.queryParam(filter.parameter());
            if (value != null) {
                filters.add(FieldFilter.of(filter, view.schema(), value));
            }
        }
        return new PageQuery(
                peers,
                view,
                Parameters.limit(ctx, Parameters.DEFAULT_LIMIT),
                Cursor.read(ctx.queryParam(Parameters.CURSOR)),
                filters,
                ForwardedRequest.of(ctx));
    }

    private Response everywhere() {
        ViewTable rows = view.of(request);
        Response page = here(rows);
        return page == null ? new ScatterGather(this, rows).page(all(rows.table())) : page;
    }

    /**
     * The page, or for another instance the part that it asks for, with how far this one has looked; null if this takes
     * others.
     */
    private @Nullable Response here(ViewTable rows) {
        TopicTable table = rows.table();
        if (request.passedOn()) {
            IntFunction<Shard> shards = request.standby() ? table::standby : table::shard;
            return read(rows, request.partitions(), shards).toJson(scannedTo());
        }
        Set<Integer> all = all(table);
        return all.stream().allMatch(table::isHere) ? page(List.of(read(rows, all, table::shard))) : null;
    }

    private static Set<Integer> all(TopicTable table) {
        return IntStream.range(0, table.partitions()).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    RowScan.Rows read(ViewTable rows, Set<Integer> partitions, IntFunction<Shard> shards) {
        return new RowScan(rows, limit, after, filters)
                .read(partitions.stream().map(shards::apply).toList());
    }

    /**
     * The member of a part for another instance that says how far this one has looked. It has a name of its own where
     * an older release would look for other rows, so that a part of one is not taken for what was asked for.
     */
    String scannedTo() {
        return filters.stream().anyMatch(FieldFilter::hasDots) ? "rangeScannedTo" : "scannedTo";
    }

    Response page(List<RowScan.Rows> parts) {
        return RowScan.Rows.merged(parts, limit).toJson("nextCursor");
    }
}
