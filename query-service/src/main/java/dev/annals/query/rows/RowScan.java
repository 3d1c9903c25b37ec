package dev.annals.query.rows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.api.Filter;
import dev.annals.engine.json.AvroToJson;
import dev.annals.query.routing.Cursor;
import dev.annals.query.routing.Response;
import dev.annals.query.routing.WaitingRequests;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.views.ViewTable;
import dev.annals.service.http.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Reads rows of several partitions on this instance in key order, by merging their ordered ranges. */
@SuppressWarnings("ArrayRecordComponent") // a request, never compared
record RowScan(ViewTable view, int limit, byte @Nullable [] after, List<FieldFilter> filters) {

    /** Rows that one request looks at on one instance. */
    static final int MAX_SCANNED = 10_000;

    /** Of the stores: unsigned, byte by byte. */
    static final Comparator<byte[]> KEY_ORDER = Arrays::compareUnsigned;

    /** A row that is found: the key orders it, the JSON is sent. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    record Row(byte[] key, ObjectNode json) {}

    /** @param scannedTo the key up to which nothing is left out; null where nothing is left at all */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    record Rows(List<Row> rows, byte @Nullable [] scannedTo) {

        private static final String ITEMS = "items";

        /** One page of several instances' parts: as far as all of them have looked. */
        static Rows merged(List<Rows> parts, int limit) {
            byte[] bound = parts.stream()
                    .map(Rows::scannedTo)
                    .filter(key -> key != null)
                    .min(KEY_ORDER)
                    .orElse(null);
            List<Row> within = parts.stream()
                    .flatMap(part -> part.rows().stream())
                    .filter(row -> bound == null || KEY_ORDER.compare(row.key(), bound) <= 0)
                    .sorted(Comparator.comparing(Row::key, KEY_ORDER))
                    .toList();
            if (within.size() <= limit) {
                return new Rows(within, bound);
            }
            return new Rows(within.subList(0, limit), within.get(limit - 1).key());
        }

        /** @param cursor the name of the member that says where to go on */
        Response toJson(String cursor) {
            return Response.json(json -> {
                json.writeStartObject();
                json.writeArrayFieldStart(ITEMS);
                for (Row row : rows) {
                    json.writeTree(row.json());
                }
                json.writeEndArray();
                json.writeStringField(cursor, scannedTo == null ? null : Cursor.after(scannedTo));
                json.writeEndObject();
            });
        }

        /**
         * As another instance wrote it.
         *
         * @param cursor the name of the member that says how far it has looked
         * @throws TableUnavailableException if there is none: an older release's that does not know the filter, for
         *     instance
         */
        static Rows read(Response part, String cursor) {
            try {
                JsonNode json = Json.mapper().readTree(part.body());
                if (!json.has(cursor)) {
                    throw new TableUnavailableException(
                            "another instance, perhaps of an older release, answers what is no such page (status %d)"
                                    .formatted(part.status()));
                }
                List<Row> rows = new ArrayList<>();
                for (JsonNode item : json.path(ITEMS)) {
                    rows.add(new Row(item.path("id").asText().getBytes(StandardCharsets.UTF_8), (ObjectNode) item));
                }
                return new Rows(rows, Cursor.read(json.path(cursor).textValue()));
            } catch (IOException e) {
                throw WaitingRequests.unavailable("another instance answered what is no page: " + e.getMessage());
            }
        }
    }

    private record Head(StoredRecord record, Shard.Range rest) {}

    Rows read(Collection<Shard> shards) {
        List<Shard.Range> open = new ArrayList<>();
        try {
            PriorityQueue<Head> heads = new PriorityQueue<>(
                    Comparator.comparing((Head head) -> head.record().key(), KEY_ORDER));
            for (Shard shard : shards) {
                Shard.Range range = shard.range(from(), to());
                open.add(range);
                advance(heads, range);
            }
            return merge(heads);
        } finally {
            open.forEach(Shard.Range::close);
        }
    }

    private static void advance(PriorityQueue<Head> heads, Shard.Range range) {
        if (range.hasNext()) {
            heads.add(new Head(range.next(), range));
        }
    }

    private Rows merge(PriorityQueue<Head> heads) {
        List<Row> found = new ArrayList<>();
        byte[] last = null;
        for (int scanned = 0; scanned < MAX_SCANNED && found.size() < limit; scanned++) {
            Head head = heads.poll();
            if (head == null) {
                return new Rows(found, null);
            }
            last = head.record().key();
            IndexedRecord row = view.row(head.record());
            if (matches(row)) {
                found.add(new Row(last, AvroToJson.toTree(row)));
            }
            advance(heads, head.rest());
        }
        return new Rows(found, heads.isEmpty() ? null : last);
    }

    private boolean matches(IndexedRecord row) {
        return filters.stream()
                .allMatch(filter -> texts(row, filter.declared().field()).anyMatch(filter::accepts));
    }

    /** A field as it stands in JSON, of a list each element; none where it has no value. */
    private static Stream<String> texts(IndexedRecord row, String name) {
        Schema.Field field = row.getSchema().getField(name);
        Object value = field == null ? null : row.get(field.pos());
        return value == null ? Stream.empty() : AvroToJson.texts(field.schema(), value);
    }

    private byte @Nullable [] from() {
        byte[] prefix = leadingKey();
        return later(prefix, after == null ? null : keyAfter(after));
    }

    /** Inclusive, so one key that no row of the filter has may be read, which {@link #matches} then leaves out. */
    private byte @Nullable [] to() {
        byte[] end = leadingKey();
        if (end != null) {
            end[end.length - 1]++;
        }
        return end;
    }

    /** The first bytes of every key that can match, where a filter tells them. */
    private byte @Nullable [] leadingKey() {
        for (FieldFilter filter : filters) {
            if (filter instanceof FieldFilter.Equal equal && equal.declared().leadsKey()) {
                return (equal.wanted() + Filter.KEY_SEPARATOR).getBytes(StandardCharsets.UTF_8);
            }
        }
        return null;
    }

    /** The smallest key after this one. */
    static byte[] keyAfter(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /** The later of two keys; null stands before all. */
    private static byte @Nullable [] later(byte @Nullable [] a, byte @Nullable [] b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return KEY_ORDER.compare(a, b) < 0 ? b : a;
    }
}
