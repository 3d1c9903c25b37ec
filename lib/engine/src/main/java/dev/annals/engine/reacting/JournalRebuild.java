package dev.annals.engine.reacting;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.rebuilding.LogReader;
import dev.annals.engine.rebuilding.PartitionLog;
import dev.annals.engine.rebuilding.Rebuild;
import java.util.List;
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
    private InstanceStore.@Nullable Building building;
    private @Nullable LogReader log;
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
    }

    @Override
    public boolean isDone() {
        return building == null;
    }

    @Override
    public @Nullable Progress progress() {
        return log == null ? null : log.progress();
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
            copy(now.next(), goOn);
        }
    }

    private void copy(long next, BooleanSupplier goOn) {
        LogReader from = log;
        if (from == null) {
            from = LogReader.from(logs, next);
            log = from;
        }
        for (int count = 0; count < MAX_ENTRIES && goOn.getAsBoolean(); count++) {
            ConsumerRecord<byte[], byte[]> record = from.peek();
            if (record == null) {
                break;
            }
            copy(record);
            from.take();
        }
        boolean nothingThere = store.isEmpty() && from.isAtEnd();
        if (nothingThere) {
            done();
        } else {
            building = new InstanceStore.Building(from.isAtEnd(), from.next());
            store.building(building);
            changed = true;
        }
    }

    private void done() {
        building = null;
        close();
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
        LogReader closing = log;
        log = null;
        if (closing != null) {
            closing.close();
        }
    }
}
