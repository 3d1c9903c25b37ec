package dev.annals.query.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.api.Filter;
import dev.annals.engine.json.AvroToJson;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.Visibility;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import dev.annals.query.views.ViewTable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads rows of several partitions on this instance in key order, of one generation of a view.
 *
 * @param after the key at which the page before ended, or null
 */
@SuppressWarnings("ArrayRecordComponent") // a request, never compared
record RowScan(
        ViewTable view,
        int limit,
        byte @Nullable [] after,
        List<FieldFilter> filters,
        Visibility visibility,
        ForwardedRequest asked)
        implements Scan {

    @Override
    public TopicTable table() {
        return view.table();
    }

    @Override
    public ForwardedRequest request() {
        return asked.in(view.generation());
    }

    @Override
    public byte[] key(JsonNode item) {
        return item.path("id").asText().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * It has a name of its own where an older release would look for other rows, so that a part of one is not taken for
     * what was asked for.
     */
    @Override
    public String scannedTo() {
        return filters.stream().anyMatch(FieldFilter::hasDots) ? "rangeScannedTo" : Scan.super.scannedTo();
    }

    @Override
    public Rows read(Collection<Shard> shards) {
        List<Shard.Range> open = new ArrayList<>();
        try {
            shards.forEach(shard -> open.add(shard.range(from(), to())));
            return Rows.merging(visible(open), limit, this::row);
        } finally {
            open.forEach(Shard.Range::close);
        }
    }

    private Collection<? extends Iterator<StoredRecord>> visible(List<Shard.Range> all) {
        if (visibility.isAll()) {
            return all;
        }
        OwnRows.Budget budget = new OwnRows.Budget();
        return all.stream()
                .map(each -> new OwnRows(each, view, visibility, budget))
                .toList();
    }

    private Rows.@Nullable Row row(StoredRecord record) {
        IndexedRecord row = view.row(record);
        return matches(row) ? new Rows.Row(record.key(), json -> AvroToJson.write(row, json)) : null;
    }

    private boolean matches(IndexedRecord row) {
        return filters.stream()
                .allMatch(filter ->
                        AvroToJson.texts(row, filter.declared().field()).anyMatch(filter::accepts));
    }

    private byte @Nullable [] from() {
        byte[] prefix = leadingKey();
        return later(prefix, after == null ? null : Rows.keyAfter(after));
    }

    /** Inclusive, so one key that no row of the filter has may be read, which {@link #matches} then leaves out. */
    private byte @Nullable [] to() {
        byte[] end = leadingKey();
        if (end != null) {
            end[end.length - 1]++;
        }
        return end;
    }

    /** The first bytes of every key that can match, where a filter tells them, or what may be seen. */
    private byte @Nullable [] leadingKey() {
        for (Filter declared : view.filters()) {
            String own = declared.leadsKey() ? visibility.only(declared.field()) : null;
            if (own != null) {
                return leading(own);
            }
        }
        for (FieldFilter filter : filters) {
            if (filter instanceof FieldFilter.Equal equal && equal.declared().leadsKey()) {
                return leading(equal.wanted());
            }
        }
        return null;
    }

    private static byte[] leading(String value) {
        return (value + Filter.KEY_SEPARATOR).getBytes(StandardCharsets.UTF_8);
    }

    /** The later of two keys; null stands before all. */
    private static byte @Nullable [] later(byte @Nullable [] a, byte @Nullable [] b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return Rows.KEY_ORDER.compare(a, b) < 0 ? b : a;
    }
}
