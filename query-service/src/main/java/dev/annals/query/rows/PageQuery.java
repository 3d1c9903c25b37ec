package dev.annals.query.rows;

import dev.annals.api.Filter;
import dev.annals.query.routing.Cursor;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.Parameters;
import dev.annals.query.routing.Peers;
import dev.annals.query.routing.Visibility;
import dev.annals.query.routing.WaitingRequests;
import dev.annals.query.table.Shard;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.TopicTable;
import dev.annals.query.views.ServedView;
import dev.annals.service.http.Requests;
import dev.annals.service.http.Response;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A page of all partitions in key order, from all instances: {@code GET /v1/{view}}, for instance.
 *
 * <p>Each instance looks at no more than {@link Rows#MAX_SCANNED} records, so a page of a filter that few match can be
 * short, even empty, and still have a next one; so can one of large rows, which has one at least.
 *
 * @param attempts made anew for each: another generation of a view may answer then
 */
public record PageQuery(Peers peers, int limit, Supplier<? extends Scan> attempts) {

    /** Rows of a view. */
    public static PageQuery of(Context ctx, Peers peers, ServedView view) {
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
        int limit = Parameters.limit(ctx, Parameters.DEFAULT_LIMIT);
        byte[] after = Cursor.read(ctx.queryParam(Parameters.CURSOR));
        ForwardedRequest request = ForwardedRequest.of(ctx);
        Visibility visibility = Visibility.of(Requests.caller(ctx));
        return new PageQuery(
                peers, limit, () -> new RowScan(view.of(request), limit, after, filters, visibility, request));
    }

    /** At once, on the request's own thread, where all partitions are here; else on a virtual thread. */
    public void answer(Context ctx, WaitingRequests waiting) {
        try {
            waiting.requireSteady();
            Response page = here(attempts.get());
            if (page != null) {
                page.send(ctx);
                return;
            }
        } catch (TableUnavailableException e) {
            // Partitions move or catch up.
        }
        waiting.answer(ctx, Duration.ZERO, this::everywhere);
    }

    private Response everywhere() {
        Scan scan = attempts.get();
        Response page = here(scan);
        return page == null ? new ScatterGather(this, scan).page(all(scan.table())) : page;
    }

    /**
     * The page, or for another instance the part that it asks for, with how far this one has looked; null if this takes
     * others.
     */
    private @Nullable Response here(Scan scan) {
        TopicTable table = scan.table();
        ForwardedRequest request = scan.request();
        if (request.passedOn()) {
            IntFunction<Shard> shards = request.standby() ? table::standby : table::shard;
            return read(scan, request.partitions(), shards).toJson(scan.scannedTo());
        }
        Set<Integer> all = all(table);
        return all.stream().allMatch(table::isHere) ? page(List.of(read(scan, all, table::shard))) : null;
    }

    private static Set<Integer> all(TopicTable table) {
        return IntStream.range(0, table.partitions()).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    static Rows read(Scan scan, Set<Integer> partitions, IntFunction<Shard> shards) {
        return scan.read(partitions.stream().map(shards::apply).toList());
    }

    Response page(List<Rows> parts) {
        return Rows.merged(parts, limit).toJson("nextCursor");
    }
}
