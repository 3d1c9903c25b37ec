package dev.annals.query.rows;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.query.routing.Cursor;
import dev.annals.query.routing.Page;
import dev.annals.query.routing.Peers;
import dev.annals.query.routing.WaitingRequests;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.service.http.Json;
import dev.annals.service.http.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A page, or one instance's part of it.
 *
 * @param scannedTo the key up to which nothing is left out; null where nothing is left at all
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record Rows(List<Row> rows, byte @Nullable [] scannedTo) {

    /** Records that one request looks at on one instance. */
    static final int MAX_SCANNED = 10_000;

    /** Of the stores: unsigned, byte by byte. */
    static final Comparator<byte[]> KEY_ORDER = Arrays::compareUnsigned;

    private static final int UNAUTHENTICATED = 401;
    private static final int FORBIDDEN = 403;

    private static final String ITEMS = "items";

    /** A row that is found: the key orders it, the JSON is sent. */
    @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
    public record Row(byte[] key, byte[] json) {

        public Row(byte[] key, Response.Body json) {
            this(key, Response.json(json).body());
        }
    }

    private record Head(StoredRecord record, Iterator<StoredRecord> rest) {}

    /**
     * Reads records of several partitions in key order, by merging, as far as they fit on a {@link Page}.
     *
     * @param row what a record is on the page; null for nothing
     */
    public static Rows merging(
            Collection<? extends Iterator<StoredRecord>> partitions,
            int limit,
            Function<StoredRecord, @Nullable Row> row) {
        PriorityQueue<Head> heads = new PriorityQueue<>(
                Comparator.comparing((Head head) -> head.record().key(), KEY_ORDER));
        partitions.forEach(each -> advance(heads, each));
        List<Row> found = new ArrayList<>();
        Page page = new Page();
        byte[] last = null;
        for (int scanned = 0; scanned < MAX_SCANNED && found.size() < limit; scanned++) {
            Head head = heads.poll();
            if (head == null) {
                return new Rows(found, null);
            }
            Row next = row.apply(head.record());
            if (next != null) {
                if (!page.add(List.of(next.json()))) {
                    return new Rows(found, last);
                }
                found.add(next);
            }
            last = head.record().key();
            advance(heads, head.rest());
        }
        return new Rows(found, heads.isEmpty() ? null : last);
    }

    private static void advance(PriorityQueue<Head> heads, Iterator<StoredRecord> rest) {
        if (rest.hasNext()) {
            heads.add(new Head(rest.next(), rest));
        }
    }

    /** One page of several instances' parts: as far as all of them have looked, and as fits. */
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
        Page page = new Page();
        int count = 0;
        while (count < within.size()
                && count < limit
                && page.add(List.of(within.get(count).json()))) {
            count++;
        }
        if (count == within.size()) {
            return new Rows(within, bound);
        }
        return new Rows(within.subList(0, count), within.get(count - 1).key());
    }

    /** @param cursor the name of the member that says where to go on */
    Response toJson(String cursor) {
        Page page = new Page();
        rows.forEach(row -> page.add(List.of(row.json())));
        return page.toJson(cursor, scannedTo);
    }

    /**
     * As another instance wrote it.
     *
     * @param cursor the name of the member that says how far it has looked
     * @param key of an item
     * @throws dev.annals.service.http.ProblemException 401 or 403 if it lets nobody in with this token, or has too many
     *     rows of others
     * @throws TableUnavailableException if there is none: an older release's that does not know the filter, for
     *     instance
     */
    static Rows read(Response part, String cursor, Function<JsonNode, byte[]> key) {
        try {
            if (part.status() == UNAUTHENTICATED || part.status() == FORBIDDEN) { // its policy is that of all
                throw Peers.refusal(part.status(), part.body());
            }
            JsonNode json = Json.mapper().readTree(part.body());
            if (!json.has(cursor)) {
                throw new TableUnavailableException(
                        "another instance, perhaps of an older release, answers what is no such page (status %d)"
                                .formatted(part.status()));
            }
            List<Row> rows = new ArrayList<>();
            for (JsonNode item : json.path(ITEMS)) {
                rows.add(new Row(key.apply(item), out -> out.writeTree(item)));
            }
            return new Rows(rows, Cursor.read(json.path(cursor).textValue()));
        } catch (IOException e) {
            throw WaitingRequests.unavailable("another instance answered what is no page: " + e.getMessage());
        }
    }

    /** The smallest key after this one. */
    public static byte[] keyAfter(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }
}
