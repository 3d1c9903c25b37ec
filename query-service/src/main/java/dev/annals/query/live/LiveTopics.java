package dev.annals.query.live;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.query.events.StreamTable;
import dev.annals.query.routing.Parameters;
import dev.annals.query.routing.Visibility;
import dev.annals.query.routing.WaitingRequests;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.query.views.ServedView;
import dev.annals.query.views.ViewTable;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Requests;
import dev.annals.service.kafka.KafkaWatch;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Whole topics as server-sent events: all events of a type, or all changes of a view. Any instance sends all of it, for
 * it reads the topic and not its part of the table: each reader has a consumer of its own, and polls only when what it
 * had is sent.
 *
 * <p>The id of an event is the {@link TopicPosition} after it, and the first thing that is sent is the position at
 * which the answer begins: a client that comes back with its last id, here or elsewhere, gets each record once. Records
 * of one partition, so those of one aggregate or row, come in order. What was compacted away in the meantime, since a
 * later record has the same key, is passed over.
 *
 * <p>While Kafka is away nothing but heartbeats comes, and then it goes on. Thread-safe.
 */
public final class LiveTopics {

    /** For a reader to see that its view was replaced, while nothing happens. */
    private static final Duration LONGEST_POLL = Duration.ofMillis(500);

    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    /** Small consumers, for there may be many; they fail rather than go elsewhere when an offset is gone. */
    private static final Map<String, Object> CONSUMER = Map.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            100,
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
            1 << 18,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
            1 << 16);

    private final LiveReaders.Readers ofTypes;
    private final LiveReaders.Readers ofViews;
    private final KafkaClients clients;
    private final AtomicLong consumers = new AtomicLong();
    private final Duration heartbeat;

    /**
     * @param kafka settings of all clients
     * @param heartbeat after so long without an event a comment is sent
     */
    public LiveTopics(LiveReaders readers, Map<String, Object> kafka, Duration heartbeat) {
        this.ofTypes = readers.of(LiveReaders.Kind.TYPE);
        this.ofViews = readers.of(LiveReaders.Kind.VIEW);
        this.clients = new KafkaClients(kafka, ANSWER_LIMIT);
        this.heartbeat = heartbeat;
    }

    /** @throws dev.annals.service.http.ProblemException 403 for who may see only some: whose others are, is not here */
    public void answer(Context ctx, StreamTable type) {
        if (!Visibility.of(Requests.caller(ctx)).isAll()) {
            throw ProblemException.of(
                    403,
                    "forbidden",
                    "your right is to your own of %s alone: read them live one by one".formatted(type.name()));
        }
        answer(ctx, LiveFeed.of(type), () -> false, ofTypes);
    }

    /** @throws dev.annals.service.http.ProblemException 410 for a position in rows that were replaced */
    public void answer(Context ctx, ServedView view) {
        ViewTable rows;
        try {
            rows = view.current();
        } catch (TableUnavailableException e) {
            throw WaitingRequests.unavailable(String.valueOf(e.getMessage()));
        }
        requirePositionIn(rows, LiveStart.named(ctx));
        answer(ctx, LiveFeed.of(rows, Visibility.of(Requests.caller(ctx))), () -> !rows.equals(view.served()), ofViews);
    }

    private static void requirePositionIn(ViewTable rows, @Nullable String position) {
        ServedView view = rows.view();
        if (position == null || TopicPosition.isOf(rows.table().topic(), position)) {
            return;
        }
        for (int generation = rows.generation() - 1; generation > 0; generation--) {
            if (TopicPosition.isOf(view.topic(generation), position)) {
                throw ProblemException.of(
                        410,
                        "view-replaced",
                        ("the rows of %s were built anew, and this is a position in those before; begin without"
                                        + " it, with from=%s to be sent all rows")
                                .formatted(view.name(), LiveStart.FIRST));
            }
        }
        for (ViewTable newer : view.tables()) {
            if (TopicPosition.isOf(newer.table().topic(), position)) {
                throw WaitingRequests.unavailable("this instance does not serve generation %d of %s yet"
                        .formatted(newer.generation(), view.name()));
            }
        }
    }

    /** @param over whether there is something else to be read now */
    private void answer(Context ctx, LiveFeed feed, BooleanSupplier over, LiveReaders.Readers readers) {
        Parameters.allowOnly(ctx, List.of(Parameters.FROM));
        if (feed.table().partitions() == 0) {
            throw WaitingRequests.unavailable(feed.table().name() + " is starting");
        }
        LiveStart start = LiveStart.of(ctx, feed.table().topic(), feed.table().partitions());
        readers.answer(ctx, new Reader(feed, start, over, readers));
    }

    private Consumer<byte[], byte[]> newConsumer() {
        Map<String, Object> own = new HashMap<>(CONSUMER);
        own.put(ConsumerConfig.CLIENT_ID_CONFIG, "annals-query-live-" + consumers.incrementAndGet());
        return clients.consumer(own);
    }

    private final class Reader implements LiveReaders.Sender {

        private final LiveFeed feed;
        private final LiveStart start;
        private final BooleanSupplier over;
        private final LiveReaders.Readers readers;

        private Reader(LiveFeed feed, LiveStart start, BooleanSupplier over, LiveReaders.Readers readers) {
            this.feed = feed;
            this.start = start;
            this.over = over;
            this.readers = readers;
        }

        @Override
        public String toString() {
            return feed.name();
        }

        @Override
        public LiveEnd send(SseStream out, Lease lease) throws IOException {
            try (Consumer<byte[], byte[]> consumer = newConsumer()) {
                TopicPosition position = begin(consumer);
                out.sendPosition(position.toString());
                return follow(consumer, position, out, lease);
            }
        }

        private TopicPosition begin(Consumer<?, ?> consumer) {
            try {
                return start.seek(consumer);
            } catch (TimeoutException e) {
                throw WaitingRequests.unavailable(KafkaWatch.SILENT);
            }
        }

        private LiveEnd follow(Consumer<byte[], byte[]> consumer, TopicPosition position, SseStream out, Lease lease)
                throws IOException {
            try {
                return sendAll(consumer, position, out, lease);
            } catch (InterruptException e) {
                boolean unused = Thread.interrupted(); // the consumer is to close in peace
                return LiveEnd.STOPPING;
            } catch (OffsetOutOfRangeException e) {
                return LiveEnd.TOPIC_REPLACED;
            }
        }

        /** Until it is interrupted, or all is sent of what nothing is added to any more. */
        private LiveEnd sendAll(Consumer<byte[], byte[]> consumer, TopicPosition position, SseStream out, Lease lease)
                throws IOException {
            Duration wait = heartbeat.compareTo(LONGEST_POLL) < 0 ? heartbeat : LONGEST_POLL;
            long sent = System.nanoTime();
            while (!Thread.interrupted()) {
                if (lease.isOver()) {
                    return LiveEnd.TOKEN_EXPIRED;
                }
                boolean last = over.getAsBoolean();
                // A poll also returns when there were only the markers of transactions.
                if (send(consumer.poll(wait), position, out)) {
                    sent = System.nanoTime();
                } else if (last) {
                    return LiveEnd.VIEW_REPLACED;
                } else if (System.nanoTime() - sent >= heartbeat.toNanos()) {
                    out.heartbeat();
                    sent = System.nanoTime();
                }
            }
            return LiveEnd.STOPPING;
        }

        /** The position goes on with each event, so that an answer may break off after any. */
        private boolean send(Iterable<ConsumerRecord<byte[], byte[]>> changes, TopicPosition position, SseStream out)
                throws IOException {
            SseStream.Batch batch = new SseStream.Batch();
            int events = 0;
            for (ConsumerRecord<byte[], byte[]> change : changes) {
                position.set(change.partition(), change.offset() + 1);
                batch.event(position.toString(), feed.items().of(change));
                events++;
                if (batch.isFull()) {
                    send(batch, out);
                    batch = new SseStream.Batch();
                }
            }
            if (batch.events() > 0) {
                send(batch, out);
            }
            return events > 0;
        }

        private void send(SseStream.Batch batch, SseStream out) throws IOException {
            out.send(batch);
            readers.sent(batch.events());
        }
    }
}
