package dev.annals.query.api;

import dev.annals.core.projection.Filter;
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
        Peers peers, ViewTable view, int limit, byte @Nullable [] after, Map<Filter, String> filters, Target target)
        implements Query {

    static PageQuery of(Peers peers, ViewTable view, Context ctx) {
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
        if (target.passedOn()) {
            return part();
        }
        Set<Integer> all =
                IntStream.range(0, view.table().partitions()).boxed().collect(Collectors.toCollection(TreeSet::new));
        if (all.isEmpty()) {
            throw new TableUnavailableException(view.name() + " is starting");
        }
        if (all.stream().allMatch(view.table()::isHere)) {
            return page(List.of(read(all, view.table()::shard)));
        }
        if (patience == Patience.NONE) {
            throw new TableUnavailableException("not all partitions of %s are here".formatted(view.name()));
        }
        return new Gathering(this).page(all);
    }

    /** For another instance; {@code scannedTo} is how far this one has looked. */
    private Answer part() {
        IntFunction<Shard> shards = target.standby() ? view.table()::standby : view.table()::shard;
        try {
            return read(target.partitions(), shards).toJson("scannedTo");
        } catch (TableUnavailableException e) {
            // Whoever asks knows an owner that has changed: let it look again.
            throw Answering.unavailable(String.valueOf(e.getMessage()));
        }
    }

    RowScan.Rows read(Set<Integer> partitions, IntFunction<Shard> shards) {
        return new RowScan(view, limit, after, filters)
                .read(partitions.stream().map(shards::apply).toList());
    }

    Answer page(List<RowScan.Rows> parts) {
        return RowScan.Rows.merged(parts, limit).toJson("nextCursor");
    }
}
