package dev.annals.query.events;

import dev.annals.engine.deciding.SnapshotCodec;
import dev.annals.engine.deciding.SnapshotCodec.Snapshot;
import dev.annals.engine.folding.DomainBug;
import dev.annals.engine.kafka.EventKey;
import dev.annals.query.table.Shard;
import dev.annals.query.table.SideStore;
import dev.annals.query.table.StoredRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots of long streams: the states after every so many events, under the key of the event, so that a state of the
 * past need not be folded from the first event on.
 *
 * <p>A snapshot only saves time. Those of another version of the decider are passed over, and replaced when their
 * stream reaches the next one; where a stream can't be folded there is none, and whoever asks for its state is told
 * why; and when an event is erased, so is every snapshot that has it in it.
 *
 * @param every so many events; 0: never
 */
record Snapshots<S extends Record>(StateFolder<S, ?> folder, SnapshotCodec<S> codec, int every) implements SideStore {

    private static final Logger LOG = LoggerFactory.getLogger(Snapshots.class);

    @Override
    public String name() {
        return "snapshots";
    }

    /** The state of a stream, from its last snapshot on; see {@link StateFolder.Fold#over}. */
    StateFolder.@Nullable Folded fold(Shard shard, String id, AsOf asOf) {
        StateFolder<S, ?>.Fold fold = folder.from(last(shard, id, asOf));
        try (Shard.Range events = StreamTable.stream(shard, id, fold.version() + 1)) {
            return fold.over(events, asOf);
        }
    }

    @Override
    public void changed(byte[] key, boolean removed, Shard here, KeyValueStore<Bytes, byte[]> kept) {
        EventKey event;
        try {
            event = EventKey.parse(key);
        } catch (IllegalArgumentException e) {
            return; // no event; nobody will ask for it
        }
        if (removed) {
            erase(event, kept);
        } else if (event.version() % every == 0) {
            made(here, event).forEach((at, snapshot) -> kept.put(Bytes.wrap(at.toBytes()), snapshot));
        }
    }

    private static void erase(EventKey event, KeyValueStore<Bytes, byte[]> kept) {
        List<Bytes> having = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> from =
                kept.range(Bytes.wrap(event.toBytes()), Bytes.wrap(last(event.aggregateId())))) {
            from.forEachRemaining(each -> having.add(each.key));
        }
        having.forEach(kept::delete);
    }

    private static byte[] last(String id) {
        return EventKey.last(id).toBytes();
    }

    /** That of this event, and those before it that are missing. */
    private Map<EventKey, byte[]> made(Shard here, EventKey event) {
        try {
            return make(here, event);
        } catch (RuntimeException | Error e) {
            DomainBug.require(e);
            LOG.atDebug().addKeyValue("event", event).setCause(e).log("no snapshot can be made");
            return Map.of();
        }
    }

    private Map<EventKey, byte[]> make(Shard here, EventKey event) {
        String id = event.aggregateId();
        Snapshot<S> base = last(here, id, AsOf.version(event.version() - 1));
        StateFolder<S, ?>.Fold fold = folder.from(base);
        Instant latest = base == null ? Instant.MIN : base.latest();
        Map<EventKey, byte[]> snapshots = new LinkedHashMap<>();
        try (Shard.Range stream = StreamTable.stream(here, id, fold.version() + 1)) {
            boolean goesOn = true;
            while (goesOn && stream.hasNext()) {
                StoredRecord next = stream.next();
                goesOn = fold.add(next, AsOf.version(event.version()));
                if (goesOn) {
                    Instant time = StreamTable.time(next);
                    latest = time == null || time.isBefore(latest) ? latest : time;
                    if (fold.version() % every == 0) {
                        snapshots.put(
                                new EventKey(id, fold.version()),
                                codec.encode(new Snapshot<>(fold.version(), latest, fold.state())));
                    }
                }
            }
        }
        return snapshots;
    }

    /**
     * The last snapshot whose events all count; null if there is none. One that is ahead of its table, as after a
     * failure, is passed over.
     */
    private @Nullable Snapshot<S> last(Shard shard, String id, AsOf asOf) {
        Long version = asOf.version();
        byte[] to = version == null ? last(id) : new EventKey(id, version).toBytes();
        return shard.lastKept(new EventKey(id, 1).toBytes(), to, (key, encoded) -> {
            Snapshot<S> snapshot = codec.decode(encoded);
            return snapshot != null && asOf.includes(snapshot) && shard.get(key) != null ? snapshot : null;
        });
    }
}
