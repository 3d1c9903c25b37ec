package dev.annals.service.views;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generations;
import dev.annals.engine.viewregistry.RegistryEntry;
import dev.annals.engine.viewregistry.RegistryReader;
import dev.annals.engine.viewregistry.RegistryState;
import dev.annals.engine.viewregistry.RegistryWriter;
import dev.annals.engine.viewregistry.Skip;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The view registry, followed in the background: which generations there are, where views are stopped, and which
 * records they pass over.
 *
 * <p>One thread reads {@code annals.views} and, only while a view is stopped, asks the brokers twice a second how far
 * its group is. Answers come from memory. While Kafka is away they are those of the last time. Thread-safe.
 */
public final class ViewRegistry implements AutoCloseable {

    /** For {@link #start()} to read the registry; after it the service goes on, and learns it later. */
    public static final Duration START_LIMIT = Duration.ofSeconds(10);

    /** Of one question to the brokers, and of one entry's writing. */
    static final Duration LIMIT = Duration.ofSeconds(5);

    /** A broker answers at once when there is an entry; without one it is asked again only so often. */
    private static final Duration FETCH_WAIT = Duration.ofSeconds(3);

    /** For who reads what there is: who closes a consumer waits for the fetch that is under way. */
    private static final Duration SHORT_FETCH_WAIT = Duration.ofMillis(20);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Logger LOG = LoggerFactory.getLogger(ViewRegistry.class);

    private final ServiceConfig config;
    private final KafkaClients clients;
    private final StopWriter stopWriter;
    private final RegistryWriter writer;
    private final RegistryState state = new RegistryState();
    private final OpenStops stops = new OpenStops(state);
    private final CountDownLatch known = new CountDownLatch(1);
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Worker follower;
    private volatile @Nullable Consumer<byte[], byte[]> consumer;

    public ViewRegistry(ServiceConfig config, Workers workers) {
        this.config = config;
        this.clients = new KafkaClients(config.kafka(), LIMIT);
        this.stopWriter = new StopWriter(clients, config.topics(), workers);
        this.writer = new RegistryWriter(
                config.topics(), () -> consumer(SHORT_FETCH_WAIT), this::transactionalProducer, LIMIT);
        this.follower = workers.worker("view-registry", this::follow).endsWithin(LIMIT, this::wakeUp);
    }

    private Consumer<byte[], byte[]> consumer(Duration fetchWait) {
        return clients.consumer(
                Map.of(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1, ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int)
                        fetchWait.toMillis()));
    }

    private Producer<byte[], byte[]> transactionalProducer(String transactionalId) {
        return clients.producer(Map.of(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                transactionalId,
                ProducerConfig.TRANSACTION_TIMEOUT_CONFIG,
                (int) LIMIT.toMillis()));
    }

    /** Starts to follow the registry and returns when what stands there is known, within {@link #START_LIMIT}. */
    public void start() {
        follower.start();
        stopWriter.start();
        try {
            if (!known.await(START_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn()
                        .addKeyValue("topic", config.topics().views())
                        .addKeyValue("limit", START_LIMIT)
                        .log("the view registry is not known yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Where and why a view is stopped, null if it isn't; of several places the one that has stood longest. */
    public @Nullable Stop stop(ViewId view) {
        return stops.of(view);
    }

    /** As {@link #stop}, cheap enough to be asked for every record; half a second late. */
    public boolean isStopped(ViewId view) {
        return stops.views().contains(view);
    }

    /** Why a view passes over a record, null if it doesn't. */
    public @Nullable Skip skip(ViewId view, RecordPlace place) {
        return state.skip(view, place);
    }

    /** Makes known that a view has stopped: here at once, elsewhere when it has been written. Doesn't wait. */
    public void tell(Stop stop) {
        Stop known = stops.add(stop);
        if (!state.contains(known)) {
            stopWriter.write(known);
        }
    }

    /** Whether everything that was written before this was started is known. */
    public boolean isComplete() {
        return known.getCount() == 0;
    }

    /** The generations of all views, as far as the registry is known here. */
    public Generations generations() {
        return state.generations();
    }

    /** How many entries there are that can't be read, and count for nothing. */
    public int unreadableEntries() {
        return state.unreadable();
    }

    /**
     * The generations of all views at this moment, as the broker has them. Waits for it.
     *
     * @throws KafkaException if it does not say in time
     */
    public Generations readAnew() {
        return writer.read().generations();
    }

    /**
     * Has a listener run, for good, whenever the generations have changed here. In the follower's thread, which must
     * not wait.
     */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /**
     * Changes the registry, see {@link RegistryWriter#edit}. Waits for the broker; {@link #generations} has the change
     * a moment later.
     *
     * @throws KafkaException if it can't be done now
     */
    public List<RegistryEntry> edit(RegistryWriter.Edit edit) {
        return writer.edit(edit);
    }

    private Duration follow() throws InterruptedException {
        try (Consumer<byte[], byte[]> reading = consumer(FETCH_WAIT);
                Admin admin = clients.admin()) {
            consumer = reading;
            RegistryReader reader = new RegistryReader(reading, config.topics(), state, LIMIT);
            Duration wait = Duration.ZERO; // often there is nothing, and then nobody needs to wait
            while (follower.isOpen()) {
                Generations before = state.generations();
                boolean all = reader.poll(wait);
                if (!state.generations().equals(before)) {
                    listeners.forEach(Runnable::run);
                }
                stops.refresh();
                if (askHowFar(admin) && all) {
                    known.countDown();
                }
                follower.recovered();
                wait = POLL;
            }
        } finally {
            consumer = null;
        }
        return Duration.ZERO;
    }

    private void wakeUp() {
        Consumer<byte[], byte[]> reading = consumer;
        if (reading != null) {
            reading.wakeup();
        }
    }

    /** Whether the brokers answered. */
    private boolean askHowFar(Admin admin) throws InterruptedException {
        Map<String, ViewId> groups = stops.views().stream().collect(Collectors.toMap(this::group, Function.identity()));
        if (groups.isEmpty()) {
            return true;
        }
        ListConsumerGroupOffsetsResult answer = admin.listConsumerGroupOffsets(groups.keySet().stream()
                .collect(Collectors.toMap(Function.identity(), group -> new ListConsumerGroupOffsetsSpec())));
        boolean answered = true;
        for (Map.Entry<String, ViewId> each : groups.entrySet()) {
            try {
                stops.committed(
                        each.getValue(),
                        answer.partitionsToOffsetAndMetadata(each.getKey()).get());
            } catch (ExecutionException e) {
                answered = false;
                LOG.atWarn()
                        .addKeyValue("group", each.getKey())
                        .addKeyValue("reason", String.valueOf(e.getCause()))
                        .log("how far a stopped view is, is unknown now");
            }
        }
        return answered;
    }

    private String group(ViewId view) {
        return config.topics().prefix() + ViewTopology.applicationId(view);
    }

    @Override
    public void close() {
        stopWriter.close();
        follower.close();
    }
}
