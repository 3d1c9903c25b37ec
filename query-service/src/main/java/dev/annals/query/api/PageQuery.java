package dev.annals.query.api;

import dev.annals.api.Filter;
import dev.annals.query.table.Shard;
import dev.annals.query.table.TableUnavailableException;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/{view}}: rows of all partitions in key order, from all instances.
 *
 * <p>Each instance looks at no more than {@link RowScan#MAX_SCANNED} rows, so a page of a filter that few rows match can be
 * short, even empty, and still have a next one.
 *
 * @param after the key at which the page before ended, or null
 */
@SuppressWarnings("ArrayRecordComponent") // a request, never compared
record PageQuery(
        Peers peers, ServedView view, int limit, byte @Nullable [] after, Map<Filter, String> filters, Target target)
        implements Query {

    static PageQuery of(Peers peers, ServedView view, Context ctx) {
        List<String> allowed = new ArrayList<>(List.of(Parameters.LIMIT, Parameters.CURSOR));
        view.filters().forEach(filter -> allowed.add(filter.parameter()));
        Parameters.allowOnly(ctx, allowed);
        Map<Filter, String> filters = new LinkedHashMap<>();
        for (Filter filter : view.filters()) {
            String value = ctx.queryParam(filter.parameter());
            if (value != null) {
                filters.put(filter, value);
            }
        }
        return new PageQuery(
                peers,
                view,
                Parameters.limit(ctx, Parameters.DEFAULT_LIMIT),
                Cursor.read(ctx.queryParam(Parameters.CURSOR)),
                filters,
                Target.of(ctx));
    }

    @Override
    public Answer answer(Patience patience) {
        ViewTable rows = view.of(target);
        if (target.passedOn()) {
            return part(rows);
        }
        Set<Integer> all = partitions(rows);
        if (all.stream().allMatch(rows.table()::isHere)) {
            return page(List.of(read(rows, all, rows.table()::shard)));
        }
        if (patience == Patience.NONE) {
            throw new TableUnavailableException("not all partitions of %s are here".formatted(view.name()));
        }
        return new Gathering(this, rows).page(all);
    }

    private static Set<Integer> partitions(ViewTable rows) {
        return IntStream.range(0, rows.table().partitions()).boxed().collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Whether every partition of a generation can be read at its owner, here or elsewhere.
     *
     * @throws TableUnavailableException if one can't be read at all
     */
    static boolean isWhole(Peers peers, ViewTable rows) {
        Target target = Target.own("/v1/%s?%s=1".formatted(rows.name(), Parameters.LIMIT));
        PageQuery smallest = new PageQuery(peers, rows.view(), 1, null, Map.of(), target);
        Answer page = new Gathering(smallest, rows).page(partitions(rows));
        return !page.headers().containsKey(Router.SERVED_BY);
    }

    /** For another instance; {@code scannedTo} is how far this one has looked. */
    private Answer part(ViewTable rows) {
        IntFunction<Shard> shards = target.standby() ? rows.table()::standby : rows.table()::shard;
        try {
            return read(rows, target.partitions(), shards).toJson("scannedTo");
        } catch (TableUnavailableException e) {
            // Whoever asks knows an owner that has changed: let it look again.
            throw Answering.unavailable(String.valueOf(e.getMessage()));
        }
    }

    RowScan.Rows read(ViewTable rows, Set<Integer> partitions, IntFunction<Shard> shards) {
        return new RowScan(rows, limit, after, filters)
                .read(partitions.stream().map(shards::apply).toList());
    }

    Answer page(List<RowScan.Rows> parts) {
        return RowScan.Rows.merged(parts, limit).toJson("nextCursor");
    }
}
