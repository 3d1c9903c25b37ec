package dev.annals.query.processes;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.reacting.InstanceSnapshot.Status;
import dev.annals.query.events.JournalTable;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.rows.Rows;
import dev.annals.query.rows.Scan;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import java.io.IOException;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the instances of a process by the last entry of each journal, in the order of the journals' keys.
 *
 * @param after the entry at which the page before ended, or null
 * @param status that instances must have; null for any
 */
@SuppressWarnings("ArrayRecordComponent") // a request, never compared
record InstanceScan(
        JournalTable journals,
        int limit,
        byte @Nullable [] after,
        @Nullable Status status,
        ForwardedRequest request) implements Scan {

    private static final String ID = "id";
    private static final String VERSION = "version";

    @Override
    public TopicTable table() {
        return journals.table();
    }

    @Override
    public byte[] key(JsonNode item) {
        return new EventKey(item.path(ID).asText(), item.path(VERSION).asLong()).toBytes();
    }

    @Override
    public Rows read(Collection<Shard> shards) {
        byte[] from = after == null ? null : behind(id(after), after);
        return Rows.merging(
                shards.stream().map(shard -> new LastEntries(shard, from)).toList(), limit, this::row);
    }

    private Rows.@Nullable Row row(StoredRecord last) {
        JournalTable.Head head = journals.head(last);
        if (status != null && head.status() != status) {
            return null;
        }
        return new Rows.Row(last.key(), json -> write(head, json));
    }

    private static void write(JournalTable.Head head, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField(ID, head.key().aggregateId());
        json.writeNumberField(VERSION, head.key().version());
        json.writeStringField("status", head.status().name());
        json.writeStringField("time", head.time() == null ? null : head.time().toString());
        json.writeStringField("reason", head.reason());
        json.writeEndObject();
    }

    private static @Nullable String id(byte[] key) {
        try {
            return EventKey.parse(key).aggregateId();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Where the journals begin that come after that of an instance. */
    private static byte[] behind(@Nullable String id, byte[] otherwise) {
        return Rows.keyAfter(id == null ? otherwise : new EventKey(id, Long.MAX_VALUE).toBytes());
    }

    /**
     * The last entry of each journal in a partition: two seeks an instance, however long its journal is. Holds nothing
     * open.
     */
    private static final class LastEntries implements Iterator<StoredRecord> {

        private final Shard shard;
        private @Nullable StoredRecord next;

        LastEntries(Shard shard, byte @Nullable [] from) {
            this.shard = shard;
            this.next = lastOfFirst(from);
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public StoredRecord next() {
            StoredRecord found = next;
            if (found == null) {
                throw new NoSuchElementException();
            }
            next = lastOfFirst(behind(id(found.key()), found.key()));
            return found;
        }

        private @Nullable StoredRecord lastOfFirst(byte @Nullable [] from) {
            try (Shard.Range range = shard.range(from, null)) {
                while (range.hasNext()) {
                    String id = id(range.next().key()); // of what is no entry, null
                    StoredRecord last = id == null
                            ? null
                            : shard.last(
                                    new EventKey(id, 0).toBytes(),
                                    EventKey.last(id).toBytes());
                    if (last != null) {
                        return last;
                    }
                }
                return null;
            }
        }
    }
}
