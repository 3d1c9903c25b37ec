package dev.annals.engine.reacting;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.rebuilding.PartitionLog;
import dev.annals.engine.rebuilding.Rebuild;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the store of a partition from its journal, where the store is empty and the journal is not: it was restored, or
 * the changelog was lost. First all entries are copied; then each instance is taken from its own: where it ended, its
 * numbers; else its timers and why it is parked. Its state is folded when it is next told something, as after a change
 * of the process's code, so nothing here runs the process.
 *
 * <p>What waited for parked instances is in no journal. It is told again where the process reads its topics from before
 * that.
 */
final class JournalRebuild<S extends java.lang.Record> implements Rebuild {

    /** Entries in a chunk, which bounds what a transaction writes. */
    private static final int MAX_ENTRIES = 5_000;

    /** Instances that are looked up at a time. */
    private static final int PAGE = 100;

    private static final Logger LOG = LoggerFactory.getLogger(JournalRebuild.class);

    private final InstanceStore<S> store;
    private final Supplier<PartitionLog> logs;
    private final Runnable whenDone;
    private final Queue<ConsumerRecord<byte[], byte[]>> polled = new ArrayDeque<>();
    private InstanceStore.@Nullable Building building;
    private @Nullable PartitionLog log;
    private long next;
    private long begin;
    private long end;
    private long taken;
    private boolean changed;

    /** Instances up to this one are taken. */
    private @Nullable String last;

    /**
     * Looks whether the store is empty or half made, no further.
     *
     * @param logs opens the journal of the store's partition; asked when it is needed
     * @param whenDone called when a store has been made
     */
    JournalRebuild(InstanceStore<S> store, Supplier<PartitionLog> logs, Runnable whenDone) {
        this.store = store;
        this.logs = logs;
        this.whenDone = whenDone;
        this.building = store.building();
        this.next = building == null ? 0 : building.next();
    }

    @Override
    public boolean isDone() {
        return building == null;
    }

    @Override
    public @Nullable Progress progress() {
        return log == null ? null : new Progress(next - begin, Math.max(end - begin, 0));
    }

    @Override
    public boolean hasChanged() {
        return changed;
    }

    @Override
    public long taken() {
        return taken;
    }

    @Override
    public void step(BooleanSupplier goOn) {
        InstanceStore.Building now = building;
        if (now != null && now.copied()) {
            take(goOn);
        } else if (now != null) {
            copy(goOn);
        }
    }

    private void copy(BooleanSupplier goOn) {
        PartitionLog from = opened();
        for (int count = 0; next < end && count < MAX_ENTRIES && goOn.getAsBoolean(); count++) {
            if (polled.isEmpty()) {
                polled.addAll(from.poll());
            }
            ConsumerRecord<byte[], byte[]> record = polled.poll();
            if (record == null) {
                next = Math.max(next, from.position());
                break; // nothing more, or nothing yet
            }
            if (record.offset() < end) {
                copy(record);
            }
            next = polled.isEmpty() ? from.position() : record.offset() + 1;
        }
        boolean nothingThere = store.isEmpty() && next >= end;
        if (nothingThere) {
            done();
        } else {
            building = new InstanceStore.Building(next >= end, next);
            store.building(building);
            changed = true;
        }
    }

    private void done() {
        building = null;
        close();
    }

    private PartitionLog opened() {
        PartitionLog open = log;
        if (open == null) {
            open = logs.get();
            try {
                begin = open.begin();
                end = open.end();
                next = Math.max(next, begin);
                if (next < end) {
                    open.seek(next);
                }
            } catch (RuntimeException e) {
                open.close();
                throw e;
            }
            log = open;
        }
        return open;
    }

    private void copy(ConsumerRecord<byte[], byte[]> record) {
        EventKey key;
        try {
            key = EventKey.parse(record.key());
        } catch (IllegalArgumentException e) {
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("partition", record.partition())
                    .addKeyValue("offset", record.offset())
                    .addKeyValue("reason", e.getMessage())
                    .log("a record of no instance is passed over");
            return;
        }
        taken++;
        store.copy(key.aggregateId(), key.version(), record.value());
    }

    private void take(BooleanSupplier goOn) {
        List<String> page;
        do {
            page = store.untaken(last, PAGE);
            for (String id : page) {
                take(id);
                last = id;
                if (!goOn.getAsBoolean()) {
                    return;
                }
            }
        } while (page.size() == PAGE);
        store.built();
        changed = true;
        int parked = store.countParked();
        if (parked > 0) {
            LOG.atWarn()
                    .addKeyValue("parked", parked)
                    .log("what waited for parked instances is in no journal, and has to be told again");
        }
        done();
        whenDone.run();
    }

    /** One whose entries can't be had is parked, as it is when that shows later, and for the same reason. */
    private void take(String id) {
        try {
            store.take(id);
        } catch (ParkedException e) {
            store.unfoldable(id, e.reason());
        } catch (SerializationException e) {
            if (RegistryFailures.mayPass(e)) {
                throw e;
            }
            store.unfoldable(id, InstanceStore.NO_STATE + ": " + RegistryFailures.describe(e));
        }
    }

    @Override
    public void close() {
        PartitionLog closing = log;
        log = null;
        polled.clear();
        if (closing != null) {
            closing.close();
        }
    }
}
