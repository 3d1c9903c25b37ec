package dev.annals.query.live;

import dev.annals.engine.kafka.EventKey;
import dev.annals.query.events.StreamTable;
import dev.annals.query.events.Versions;
import dev.annals.query.routing.ForwardedRequest;
import dev.annals.query.routing.Parameters;
import dev.annals.query.routing.Peers;
import dev.annals.query.routing.Visibility;
import dev.annals.query.routing.WaitingRequests;
import dev.annals.query.table.Shard;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.table.TopicTable;
import dev.annals.query.table.Waiters;
import dev.annals.service.http.PeerClient;
import dev.annals.service.http.Requests;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.streams.state.HostInfo;

/**
 * {@code GET /v1/{type}/{id}/events} as server-sent events, and the history of a process's instance: a stream from a
 * version on, and then each event when it comes. The id of a sent event is its version, so that a client resumes with
 * {@code Last-Event-ID}.
 *
 * <p>History and live are one: a reader reads the table after the last version that it was sent, and where there is
 * none yet it waits for the record of the next one. Nothing is lost or sent twice in between, and a slow reader costs
 * no memory: it has a virtual thread, no queue. One whose connection takes nothing for the server's idle timeout is cut
 * off.
 *
 * <p>When the partition moves, the answer ends; the client comes back with the last id that it has seen. Thread-safe.
 */
public final class LiveEvents implements AutoCloseable {

    private static final Duration RETRY_PAUSE = Duration.ofMillis(50);
    private static final int BATCH_EVENTS = 100;
    private static final int COPY_BYTES = 8_192;

    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("live-watchdog").factory());
    private final Peers peers;
    private final LiveReaders.Readers readers;
    private final Duration heartbeat;

    /** @param heartbeat after so long without an event a comment is sent */
    public LiveEvents(Peers peers, LiveReaders readers, Duration heartbeat) {
        this.peers = peers;
        this.readers = readers.of(LiveReaders.Kind.AGGREGATE);
        this.heartbeat = heartbeat;
    }

    public void answer(Context ctx, StreamTable events, String id) {
        Parameters.allowOnly(ctx, List.of(Parameters.FROM));
        readers.answer(
                ctx,
                new Reader(
                        events,
                        events.requireValid(id),
                        first(ctx),
                        Visibility.of(Requests.caller(ctx)),
                        ForwardedRequest.of(ctx)));
    }

    private static long first(Context ctx) {
        String last = ctx.header(Parameters.LAST_EVENT_ID);
        if (last == null) {
            return Requests.wholeNumber(ctx, Parameters.FROM, 1, 1, EventKey.MAX_VERSION);
        }
        try {
            long version = Long.parseLong(last);
            if (version >= 0 && version <= EventKey.MAX_VERSION) {
                return version + 1;
            }
        } catch (NumberFormatException e) {
            // Reported below, as a number below 0 is.
        }
        throw Requests.invalid(
                Parameters.LAST_EVENT_ID, "the id of an event of this stream: its version", "'" + last + "'");
    }

    private final class Reader implements LiveReaders.Sender {

        private final StreamTable events;
        private final String id;
        private final int partition;
        private final Visibility visibility;
        private final ForwardedRequest request;
        private long next;

        private Reader(StreamTable events, String id, long first, Visibility visibility, ForwardedRequest request) {
            this.events = events;
            this.id = id;
            this.next = first;
            this.visibility = visibility;
            this.request = request;
            this.partition = events.table().partitionOf(id.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return "events of %s %s".formatted(events.name(), id);
        }

        @Override
        public LiveEnd send(SseStream out, Lease lease) throws IOException, InterruptedException {
            long deadline = System.nanoTime() + WaitingRequests.RETRY_LIMIT.toNanos();
            while (true) {
                try {
                    return read(out, lease);
                } catch (TableUnavailableException e) {
                    if (out.hasBegun()) {
                        return LiveEnd.MOVED; // The client comes back, and finds the new owner.
                    }
                    if (System.nanoTime() - deadline > 0) {
                        throw WaitingRequests.unavailable(String.valueOf(e.getMessage()));
                    }
                }
                Thread.sleep(RETRY_PAUSE);
            }
        }

        private LiveEnd read(SseStream out, Lease lease) throws IOException, InterruptedException {
            TopicTable table = events.table();
            if (table.isHere(partition)) {
                return readHere(table, out, lease);
            }
            HostInfo owner = table.holders(partition).owner();
            if (owner == null || request.passedOn() || table.isSelf(owner)) {
                throw new TableUnavailableException("partition %d of %s is moving".formatted(partition, table.name()));
            }
            return passOn(owner, out, lease);
        }

        private LiveEnd readHere(TopicTable table, SseStream out, Lease lease)
                throws IOException, InterruptedException {
            while (!lease.isOver()) {
                try (Waiters.Waiter change = table.waiters().enter(new EventKey(id, next).toBytes())) {
                    if (sendNext(table.shard(partition), out)) {
                        continue;
                    }
                    if (!out.hasBegun()) {
                        events.requireStream(table.shard(partition), id, visibility);
                        out.heartbeat();
                    }
                    if (!events.isVisible(table.shard(partition), id, visibility)) {
                        return LiveEnd.NOT_VISIBLE;
                    }
                    if (!change.await(lease.within(heartbeat).toNanos())) {
                        out.heartbeat();
                    }
                }
            }
            return LiveEnd.TOKEN_EXPIRED;
        }

        /** Whether there were any that may be seen: whose they are, may be what the last of them has changed. */
        private boolean sendNext(Shard shard, SseStream out) throws IOException {
            SseStream.Batch batch = new SseStream.Batch();
            long after = next; // taken over when it is sent: a partition can move in the middle of this
            try (Shard.Range stream = StreamTable.stream(shard, id, next)) {
                Versions versions = events.versions(stream, next);
                while (batch.events() < BATCH_EVENTS && !batch.isFull() && versions.hasNext()) {
                    Versions.Version version = versions.next();
                    batch.event(Long.toString(version.number()), events.items(id, version));
                    after = version.number() + 1;
                }
            }
            if (batch.events() == 0 || !events.isVisible(shard, id, visibility)) {
                return false;
            }
            out.send(batch);
            readers.sent(batch.events());
            next = after;
            return true;
        }

        private LiveEnd passOn(HostInfo owner, SseStream out, Lease lease) throws IOException {
            Map<String, String> headers =
                    Map.of("Accept", SseStream.MEDIA_TYPE, Parameters.LAST_EVENT_ID, Long.toString(next - 1));
            HttpResponse<InputStream> response = peers.stream(owner, request, headers);
            AtomicLong heard = new AtomicLong(System.nanoTime());
            try (InputStream in = response.body()) {
                ScheduledFuture<?> watch = watchdog.scheduleWithFixedDelay(
                        () -> closeIfOver(in, heard, lease),
                        heartbeat.toMillis(),
                        heartbeat.toMillis(),
                        TimeUnit.MILLISECONDS);
                try {
                    if (response.statusCode() != 200) {
                        byte[] problem = response.body().readNBytes(PeerClient.MAX_ANSWER_BYTES);
                        throw Peers.refusal(response.statusCode(), problem); // the aggregate has no events
                    }
                    copy(in, heard, out);
                    return lease.isOver() ? LiveEnd.TOKEN_EXPIRED : LiveEnd.MOVED;
                } finally {
                    watch.cancel(false);
                }
            }
        }

        private void copy(InputStream in, AtomicLong heard, SseStream out) throws IOException {
            byte[] bytes = new byte[COPY_BYTES];
            for (int count = read(in, bytes); count >= 0; count = read(in, bytes)) {
                heard.set(System.nanoTime());
                out.pass(bytes, count);
            }
        }

        /** Where the owner has gone, that is an end as any other. */
        private static int read(InputStream in, byte[] bytes) {
            try {
                return in.read(bytes);
            } catch (IOException e) {
                return -1;
            }
        }

        /**
         * Three heartbeats did not come: the other instance hangs. That the token has expired the other one tells, but
         * need not be believed to.
         */
        private void closeIfOver(InputStream in, AtomicLong heard, Lease lease) {
            boolean silent =
                    System.nanoTime() - heard.get() > heartbeat.multipliedBy(3).toNanos();
            if (silent || lease.isOver()) {
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
        watchdog.shutdownNow();
    }
}
