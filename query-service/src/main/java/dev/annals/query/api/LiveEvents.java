package dev.annals.query.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.core.kafka.EventKey;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.TopicTable;
import dev.annals.query.table.Waiters;
import dev.annals.service.http.Json;
import dev.annals.service.http.Requests;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /v1/{type}/{id}/events} as server-sent events: the stream of an aggregate from a version on, and then each event
 * when it comes. The id of a sent event is its version, so that a client resumes with {@code Last-Event-ID}.
 *
 * <p>History and live are one: a reader reads the table after the last version that it was sent, and where there is none yet it
 * waits for the record of the next one. Nothing is lost or sent twice in between, and a slow reader costs no memory: it has
 * a virtual thread, no queue. One whose connection takes nothing for the server's idle timeout is cut off.
 *
 * <p>When the partition moves, the answer ends; the client comes back with the last id that it has seen. Thread-safe.
 */
final class LiveEvents implements AutoCloseable {

    /** More are refused with 503. */
    static final int MAX_READERS = 1_000;

    /** A comment after so long without an event keeps proxies from closing, and shows that a client has gone. */
    static final Duration HEARTBEAT = Duration.ofSeconds(10);

    static final String MEDIA_TYPE = "text/event-stream";
    private static final Logger LOG = LoggerFactory.getLogger(LiveEvents.class);
    private static final byte[] HEARTBEAT_TEXT = ":\n\n".getBytes(StandardCharsets.UTF_8);
    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);

    /** From another instance not even heartbeats came for so long: it hangs. */
    private static final Duration SILENCE_LIMIT = HEARTBEAT.multipliedBy(3);

    private static final int BATCH_EVENTS = 100;
    private static final int COPY_BYTES = 8_192;

    private final Semaphore places = new Semaphore(MAX_READERS);
    private final ExecutorService readers = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("live-", 0).factory());
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-watchdog").factory());
    private final Peers peers;

    LiveEvents(Peers peers) {
        this.peers = peers;
    }

    static boolean isAskedFor(Context ctx) {
        String accept = ctx.header("Accept");
        return accept != null && accept.contains(MEDIA_TYPE);
    }

    void answer(Context ctx, EventTable<?, ?, ?> events, String id) {
        Parameters.allowOnly(ctx, List.of(Parameters.FROM));
        Reader reader = new Reader(ctx, events, StateQuery.aggregateId(id), first(ctx), Target.of(ctx));
        if (!places.tryAcquire()) {
            throw Answering.unavailable("%d read live events already".formatted(MAX_READERS));
        }
        ctx.future(() -> CompletableFuture.runAsync(reader, readers).whenComplete((done, failure) -> places.release()));
    }

    private static long first(Context ctx) {
        String last = ctx.header(Parameters.LAST_EVENT_ID);
        if (last == null) {
            return Requests.wholeNumber(ctx, Parameters.FROM, 1, 1, Long.MAX_VALUE);
        }
        try {
            long version = Long.parseLong(last);
            if (version >= 0 && version < Long.MAX_VALUE) {
                return version + 1;
            }
        } catch (NumberFormatException e) {
            // Reported below, as a number below 0 is.
        }
        throw Parameters.invalid(
                Parameters.LAST_EVENT_ID, "the id of an event of this stream: its version", "'" + last + "'");
    }

    /**
     * Events to send.
     *
     * @param next the version after them
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Batch(byte[] text, long next) {}

    /** One request. */
    private final class Reader implements Runnable {

        private final Context ctx;
        private final EventTable<?, ?, ?> events;
        private final String id;
        private final int partition;
        private final Target target;
        private long next;
        private @Nullable OutputStream out;

        private Reader(Context ctx, EventTable<?, ?, ?> events, String id, long first, Target target) {
            this.ctx = ctx;
            this.events = events;
            this.id = id;
            this.next = first;
            this.target = target;
            this.partition = events.table().partitionOf(id.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void run() {
            long deadline = System.nanoTime() + Answering.RETRY_LIMIT.toNanos();
            try {
                while (true) {
                    try {
                        read();
                        return;
                    } catch (TableUnavailableException e) {
                        if (out != null) {
                            return; // The client comes back, and finds the new owner.
                        }
                        if (System.nanoTime() - deadline > 0) {
                            throw Answering.unavailable(String.valueOf(e.getMessage()));
                        }
                    }
                    Thread.sleep(RETRY_PAUSE);
                }
            } catch (IOException e) {
                LOG.debug(
                        "live events of {} {} end: the client or the owner has gone, or the client takes nothing",
                        events.name(),
                        id,
                        e);
                requireBegun("the instance with the partition has just gone");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                requireBegun("the service is stopping");
            } catch (RuntimeException e) {
                if (out == null) {
                    throw e;
                }
                LOG.warn("live events of {} {} end after version {}", events.name(), id, next - 1, e);
            }
        }

        /** What has not begun must not look like an empty answer. */
        private void requireBegun(String why) {
            if (out == null) {
                throw Answering.unavailable(why);
            }
        }

        private void read() throws IOException, InterruptedException {
            TopicTable table = events.table();
            if (table.isHere(partition)) {
                readHere(table);
                return;
            }
            HostInfo owner = Objects.requireNonNull(table.owners().get(partition));
            if (target.passedOn() || table.isSelf(owner)) {
                throw new TableUnavailableException("partition %d of %s is moving".formatted(partition, table.name()));
            }
            passOn(owner);
        }

        private void readHere(TopicTable table) throws IOException, InterruptedException {
            while (true) {
                try (Waiters.Waiter change = table.waiters().enter(new EventKey(id, next).toBytes())) {
                    Batch batch = batch(table.shard(partition));
                    if (batch.next > next) {
                        send(batch.text);
                        next = batch.next;
                        continue;
                    }
                    if (out == null) {
                        events.requireAggregate(table.shard(partition), id);
                        send(HEARTBEAT_TEXT);
                    }
                    if (!change.await(HEARTBEAT.toNanos())) {
                        send(HEARTBEAT_TEXT);
                    }
                }
            }
        }

        /** The next events, none where there are none yet. */
        private Batch batch(Shard shard) throws IOException {
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            long after = next; // taken over when it is sent: a partition can move in the middle of this
            try (Shard.Range stream = EventTable.stream(shard, id, next)) {
                for (int i = 0; i < BATCH_EVENTS && stream.hasNext(); i++) {
                    StoredRecord event = stream.next();
                    long version = EventKey.parse(event.key()).version();
                    write(event, version, text);
                    after = version + 1;
                }
            }
            return new Batch(text.toByteArray(), after);
        }

        /** Without a name of its own each event is a browser's {@code message}: one listener gets all types, which stand in the data. */
        private void write(StoredRecord event, long version, ByteArrayOutputStream to) throws IOException {
            to.writeBytes("id: %d\ndata: ".formatted(version).getBytes(StandardCharsets.UTF_8));
            try (JsonGenerator json = Json.mapper().getFactory().createGenerator(to)) { // on one line
                events.write(event, json);
            }
            to.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
        }

        private void send(byte[] text) throws IOException {
            send(text, text.length);
        }

        private void send(byte[] text, int length) throws IOException {
            OutputStream to = out;
            if (to == null) {
                ctx.status(200).contentType(MEDIA_TYPE).header("Cache-Control", "no-store");
                to = ctx.res().getOutputStream();
                out = to;
            }
            to.write(text, 0, length);
            ctx.res().flushBuffer();
        }

        private void passOn(HostInfo owner) throws IOException {
            Map<String, String> headers =
                    Map.of("Accept", MEDIA_TYPE, Parameters.LAST_EVENT_ID, Long.toString(next - 1));
            HttpResponse<InputStream> response = peers.stream(owner, target, headers);
            AtomicLong heard = new AtomicLong(System.nanoTime());
            try (InputStream in = response.body()) {
                ScheduledFuture<?> watch = watchdog.scheduleWithFixedDelay(
                        () -> closeIfSilent(in, heard),
                        HEARTBEAT.toMillis(),
                        HEARTBEAT.toMillis(),
                        TimeUnit.MILLISECONDS);
                try {
                    if (response.statusCode() == 200) {
                        copy(in, heard);
                    } else {
                        refuse(response);
                    }
                } finally {
                    watch.cancel(false);
                }
            }
        }

        private void copy(InputStream in, AtomicLong heard) throws IOException {
            byte[] bytes = new byte[COPY_BYTES];
            for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
                heard.set(System.nanoTime());
                send(bytes, count);
            }
        }

        /** As the owner does: the aggregate has no events. */
        private void refuse(HttpResponse<InputStream> response) throws IOException {
            ctx.status(response.statusCode())
                    .contentType(response.headers().firstValue("Content-Type").orElse("application/json"))
                    .result(response.body().readAllBytes());
        }

        private static void closeIfSilent(InputStream in, AtomicLong heard) {
            if (System.nanoTime() - heard.get() > SILENCE_LIMIT.toNanos()) {
                try {
                    in.close();
                } catch (IOException e) {
                    // It is closed either way.
                }
            }
        }
    }

    @Override
    public void close() {
        readers.shutdownNow();
        watchdog.shutdownNow();
    }
}
