package dev.annals.lanes;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.kafka.HeaderName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the results of commands that were sent through their topics: one consumer, which reads the partitions of
 * results in which somebody waits, from before his command was sent, and no others.
 *
 * <p>How many wait is for the caller to bound. Thread-safe.
 */
final class ResultFollower implements WorkLoop.Work, AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration ASK_LIMIT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Supplier<Consumer<byte[], byte[]>> clients;
    private final Deserializer<Object> deserializer;
    private final ResultReader reader;
    private final ConcurrentLinkedQueue<Followed> added = new ConcurrentLinkedQueue<>();
    private final Semaphore wakes = new Semaphore(0);
    private final WorkLoop loop = new WorkLoop("results", this, FIRST_PAUSE, CLOSE_LIMIT);

    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    // The thread's own.
    private final Map<String, Set<Followed>> byCommand = new HashMap<>();
    private final Set<TopicPartition> unplaced = new HashSet<>(); // assigned, and their ends not known yet

    /** A command whose result is waited for. */
    static final class Followed {

        private final TopicPartition results;
        private final String commandId;
        private final String aggregateId;
        private final CompletableFuture<Void> ready = new CompletableFuture<>();
        private final CompletableFuture<CommandResult> result = new CompletableFuture<>();
        private final Map<String, CommandResult> candidates = new HashMap<>(); // until its own is known
        private @Nullable String resultId;

        Followed(TopicPartition results, String commandId, String aggregateId) {
            this.results = results;
            this.commandId = commandId;
            this.aggregateId = aggregateId;
        }

        /** Completes when no result is missed any more, so that the command can be sent. */
        CompletableFuture<Void> ready() {
            return ready;
        }

        /** Cancel it when nobody waits any more. */
        CompletableFuture<CommandResult> result() {
            return result;
        }

        /**
         * The command is in its topic. Under its id others may have been sent, so its result has an id of its own.
         *
         * @param id {@code ce_id} of its result
         */
        synchronized void sent(String id) {
            resultId = id;
            CommandResult own = candidates.get(id);
            if (own != null) {
                result.complete(own);
            }
            candidates.clear();
        }

        private synchronized void see(String id, CommandResult seen) {
            if (!commandId.equals(seen.commandId()) || !aggregateId.equals(seen.aggregateId())) {
                return;
            }
            if (resultId == null) {
                candidates.put(id, seen);
            } else if (resultId.equals(id)) {
                result.complete(seen);
            }
        }
    }

    /** @param clients of consumers that are in no group, with {@code read_committed} */
    ResultFollower(Supplier<Consumer<byte[], byte[]>> clients, Deserializer<Object> deserializer) {
        this.clients = clients;
        this.deserializer = deserializer;
        this.reader = new ResultReader(deserializer);
    }

    void start() {
        loop.start();
    }

    Followed follow(TopicPartition results, String commandId, String aggregateId) {
        Followed followed = new Followed(results, commandId, aggregateId);
        added.add(followed);
        if (loop.isClosed()) {
            followed.ready.cancel(false);
            followed.result.cancel(false);
        }
        wake();
        return followed;
    }

    @Override
    public void run() throws InterruptedException {
        while (!loop.isClosed() && added.isEmpty()) { // an idle instance needs no consumer
            boolean unused = wakes.tryAcquire(POLL.toMillis(), TimeUnit.MILLISECONDS);
        }
        if (loop.isClosed()) {
            return;
        }
        try (Consumer<byte[], byte[]> opened = clients.get()) {
            consumer = opened;
            unplaced.clear();
            do {
                round(opened);
            } while (!loop.isClosed() && !(byCommand.isEmpty() && added.isEmpty()));
        } finally {
            consumer = null;
        }
    }

    private void round(Consumer<byte[], byte[]> reading) {
        try {
            take(reading);
            reading.poll(POLL).forEach(this::see);
        } catch (WakeupException e) {
            return; // somebody else waits now
        }
        byCommand.values().removeIf(each -> {
            each.removeIf(one -> one.result.isDone());
            return each.isEmpty();
        });
    }

    private void take(Consumer<byte[], byte[]> reading) {
        List<Followed> fresh = new ArrayList<>();
        for (Iterator<Followed> each = added.iterator(); each.hasNext(); ) {
            fresh.add(each.next());
        }
        Set<TopicPartition> before = reading.assignment();
        Set<TopicPartition> wanted = new HashSet<>();
        byCommand.values().forEach(all -> all.forEach(each -> wanted.add(each.results)));
        fresh.forEach(each -> wanted.add(each.results));
        if (!wanted.equals(before)) {
            Set<TopicPartition> begun = new HashSet<>(wanted);
            begun.removeAll(before);
            reading.assign(wanted);
            if (!begun.isEmpty()) { // none would mean all
                reading.seekToEnd(begun);
            }
            unplaced.addAll(begun);
            unplaced.retainAll(wanted);
        }
        for (TopicPartition each : List.copyOf(unplaced)) {
            long unused = reading.position(each, ASK_LIMIT); // a wakeup leaves it for the next round
            unplaced.remove(each);
        }
        for (Followed each : fresh) {
            added.remove(each);
            byCommand.computeIfAbsent(each.commandId, unused -> new HashSet<>()).add(each);
            each.ready.complete(null);
        }
    }

    private void see(ConsumerRecord<byte[], byte[]> record) {
        TopicPartition place = new TopicPartition(record.topic(), record.partition());
        String id = HeaderName.ID.in(record.headers());
        String commandId = HeaderName.CAUSATION_ID.in(record.headers());
        if (id == null || commandId == null) {
            return;
        }
        for (Followed each : byCommand.getOrDefault(commandId, Set.of())) {
            if (each.results.equals(place)) {
                try {
                    each.see(id, reader.read(record.topic(), record.headers(), record.value()));
                } catch (BindingException e) {
                    each.result.completeExceptionally(e);
                }
            }
        }
    }

    /** Positions are lost: who waits here can't be told any more, but commands that are durable will be decided. */
    @Override
    public void failed(Throwable failure) {
        byCommand.values().forEach(all -> all.forEach(each -> each.result.cancel(false)));
        byCommand.clear();
    }

    @Override
    public void end() {
        failed(new IllegalStateException("closed"));
        added.forEach(each -> {
            each.ready.cancel(false);
            each.result.cancel(false);
        });
        added.clear();
        deserializer.close();
    }

    @Override
    public void wake() {
        wakes.drainPermits();
        wakes.release();
        Consumer<byte[], byte[]> reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
