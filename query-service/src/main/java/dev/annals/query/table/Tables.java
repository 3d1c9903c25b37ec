package dev.annals.query.table;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.Readiness;
import dev.annals.service.ServiceConfig;
import dev.annals.service.StartupException;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import dev.annals.service.kafka.LocalState;
import dev.annals.service.kafka.StreamsDefaults;
import dev.annals.service.kafka.StreamsHost;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * All tables of the service; they come and go while it runs. Ready when every partition on this instance may be read,
 * of the tables that are {@link TopicTable.Phase#OPEN}. Thread-safe.
 */
public final class Tables implements Readiness, AutoCloseable {

    private static final Duration CHECK_EVERY = Duration.ofMillis(50);
    private static final Duration LAG_EVERY = Duration.ofSeconds(5);
    private static final Duration REMOVE_EVERY = Duration.ofSeconds(10);
    private static final Duration DESCRIBE_LIMIT = Duration.ofSeconds(30);

    /**
     * How far the partitions on this instance are behind their topic.
     *
     * @param records not applied yet; transaction markers between them count
     * @param seconds since the record applied last was written, 0 where nothing is left to apply
     */
    public record Lag(long records, double seconds) {}

    private final ServiceConfig config;
    private final Map<String, TopicTable> tables = new ConcurrentSkipListMap<>();
    private final StreamsHost host;
    private final Admin admin;
    private final CatchUp catchUp;
    private final LagMeter lagMeter;
    private final Worker checker;
    private final Worker lags;
    private final Worker removals;

    /** Held by who sets targets of partitions, so that none from before a doubt comes after it. */
    private final ReentrantLock targets = new ReentrantLock();

    /** Few: each view has a generation or two that are removed. */
    private final Queue<TopicTable> unwanted = new ConcurrentLinkedQueue<>();

    private volatile @Nullable HostInfo self;

    public Tables(ServiceConfig config, MeterRegistry meters, Workers workers) {
        this.config = config;
        this.host = new StreamsHost(meters, config.clientMeters(), List.of());
        this.admin = new KafkaClients(config.kafka(), DESCRIBE_LIMIT).admin();
        this.catchUp = new CatchUp(admin, config.topics().prefix());
        this.lagMeter = new LagMeter(meters, this::lag);
        this.checker = workers.worker("tables-catch-up", this::check).endsWithin(Duration.ZERO, () -> {});
        this.lags = workers.worker("tables-lag", () -> {
                    lagMeter.run();
                    return LAG_EVERY;
                })
                .endsWithin(Duration.ZERO, () -> {});
        this.removals = workers.worker("tables-removal", this::removeUnwanted).endsWithin(Duration.ZERO, () -> {});
    }

    /**
     * Starts to fill tables and returns; more can be added.
     *
     * @param advertised where other instances reach this one
     * @throws StartupException if a topic is missing
     */
    public void start(HostInfo advertised, List<TopicTable> first) {
        self = advertised;
        host.start(advertised);
        for (TopicTable table : first) {
            if (!add(table)) {
                throw new StartupException("the topic %s is missing".formatted(table.topic()));
            }
        }
        checker.start();
        lags.start();
        removals.start();
    }

    /**
     * Takes one more table and starts to fill it. To be called after {@link #start}.
     *
     * @return whether its topic exists; nothing happens otherwise
     * @throws StartupException if the brokers don't say
     */
    public boolean add(TopicTable table) {
        HostInfo here = self;
        int partitions = partitions(table);
        if (here == null || partitions == 0) {
            return false;
        }
        table.startedIn(host, here, partitions);
        tables.put(table.name(), table);
        lagMeter.add(table);
        host.add(table.app(StreamsDefaults.of(config, table.applicationId())));
        return true;
    }

    /**
     * Stops to fill a table and deletes what is here of it, soon: returns at once. Its consumer group is left to
     * expire. Also for a table that was filled by an earlier run of this instance, and is not added any more.
     */
    public void remove(TopicTable table) {
        unwanted.add(table);
        removals.wake();
    }

    private Duration removeUnwanted() {
        for (TopicTable table = unwanted.poll(); table != null; table = unwanted.poll()) {
            table.stopped();
            tables.remove(table.name());
            lagMeter.remove(table);
            host.remove(table.name());
            LocalState.delete(config, table.applicationId());
        }
        return REMOVE_EVERY;
    }

    /** Of its topic; 0 if there is none. */
    private int partitions(TopicTable table) {
        try {
            Map<String, TopicDescription> found = admin.describeTopics(List.of(table.topic()))
                    .allTopicNames()
                    .get(DESCRIBE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return found.values().stream()
                    .mapToInt(topic -> topic.partitions().size())
                    .sum();
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return 0;
            }
            throw new StartupException("the topic %s can't be described: %s".formatted(table.topic(), e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while describing topics", e);
        }
    }

    /**
     * This process stood still: no partition may be read any more until it has all that is written now.
     *
     * @throws TableUnavailableException if the check that is under way does not end in time
     */
    public void doubt() {
        try {
            if (!targets.tryLock(DESCRIBE_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new TableUnavailableException("the ends of partitions are unknown now");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TableUnavailableException("interrupted", e);
        }
        try {
            tables.values().forEach(each -> each.progress().doubt());
        } finally {
            targets.unlock();
        }
    }

    private Duration check() {
        targets.lock();
        try {
            tables.values().forEach(catchUp::check);
        } finally {
            targets.unlock();
        }
        return CHECK_EVERY;
    }

    /** @throws TableUnavailableException if the brokers don't say */
    public Lag lag(TopicTable table) {
        long records = 0;
        long oldest = 0;
        long now = System.currentTimeMillis();
        for (Map.Entry<TopicPartition, Long> end : catchUp.ends(table).entrySet()) {
            int partition = end.getKey().partition();
            long left = end.getValue() - table.progress().next(partition);
            if (left > 0) {
                records += left;
                long applied = table.progress().timestamp(partition);
                oldest = Math.max(oldest, applied == 0 ? 0 : now - applied);
            }
        }
        return new Lag(records, oldest / 1_000.0);
    }

    /**
     * How many records of a table's topic another consumer group has not committed yet.
     *
     * @param group without the installation's prefix
     * @throws TableUnavailableException if the brokers don't say
     */
    public long behind(String group, TopicTable table) {
        return catchUp.behind(group, table);
    }

    @Override
    public List<String> reasonsAgainst() {
        if (self == null) {
            return List.of("starting");
        }
        List<String> reasons = new ArrayList<>(host.reasonsAgainst());
        for (TopicTable table : tables.values()) {
            if (table.phase() == TopicTable.Phase.OPEN && table.state().equals("CATCHING_UP")) {
                reasons.add(table.name() + ": catching up");
            }
        }
        return reasons;
    }

    @Override
    public void close() {
        checker.close();
        lags.close();
        removals.close();
        host.close();
        admin.close(DESCRIBE_LIMIT);
    }
}
