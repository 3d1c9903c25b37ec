package dev.annals.query.table;

import dev.annals.service.ServiceConfig;
import dev.annals.service.StartupException;
import dev.annals.service.http.Readiness;
import dev.annals.service.kafka.StreamsDefaults;
import dev.annals.service.kafka.StreamsHost;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All tables of the service, from start to end. Ready when every partition on this instance may be read. Thread-safe. */
public final class Tables implements Readiness, AutoCloseable {

    private static final Duration CHECK_EVERY = Duration.ofMillis(50);
    private static final Duration LAG_EVERY = Duration.ofSeconds(5);
    private static final Duration DESCRIBE_LIMIT = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(Tables.class);

    private final ServiceConfig config;
    private final MeterRegistry meters;
    private final List<TopicTable> tables;
    private final Admin admin;
    private final CatchUp catchUp;
    private final ScheduledExecutorService checker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("tables-catch-up").factory());
    private final ScheduledExecutorService lags = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("tables-lag").factory());
    private volatile @Nullable StreamsHost host;
    private volatile @Nullable Future<?> checks;

    public Tables(ServiceConfig config, MeterRegistry meters, List<TopicTable> tables) {
        this.config = config;
        this.meters = meters;
        this.tables = List.copyOf(tables);
        this.admin = Admin.create(adminConfig(config));
        this.catchUp = new CatchUp(admin, config.topics().prefix());
    }

    private static Map<String, Object> adminConfig(ServiceConfig config) {
        Map<String, Object> settings = new LinkedHashMap<>(config.kafka());
        settings.keySet().retainAll(AdminClientConfig.configNames());
        return settings;
    }

    /**
     * Starts to fill the tables and returns.
     *
     * @param advertised where other instances reach this one
     * @throws StartupException if a topic is missing
     */
    public void start(HostInfo advertised) {
        Map<String, TopicDescription> topics = describe();
        StreamsHost starting = new StreamsHost(
                meters,
                tables.stream()
                        .map(table -> table.app(StreamsDefaults.of(config, table.applicationId()), advertised))
                        .toList());
        host = starting;
        starting.start();
        for (TopicTable table : tables) {
            TopicDescription topic = Objects.requireNonNull(topics.get(table.topic()));
            table.startedIn(starting, advertised, topic.partitions().size());
        }
        checks = checker.scheduleWithFixedDelay(
                this::check, CHECK_EVERY.toMillis(), CHECK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
        Future<?> unused = lags.scheduleWithFixedDelay(
                new LagMeter(tables, meters, this::lag), 0, LAG_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Map<String, TopicDescription> describe() {
        try {
            return admin.describeTopics(tables.stream().map(TopicTable::topic).toList())
                    .allTopicNames()
                    .get(DESCRIBE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new StartupException("the topics of the views can't be described: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while describing topics", e);
        }
    }

    @SuppressWarnings("CatchingUnchecked") // a scheduled task that throws is never run again
    private void check() {
        try {
            tables.forEach(catchUp::check);
        } catch (Exception e) {
            LOG.atError().setCause(e).log("catch-up check failed");
        }
    }

    /**
     * How far a table on this instance is behind.
     *
     * @throws TableUnavailableException if the brokers don't say
     */
    public TableLag lag(TopicTable table) {
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
        return new TableLag(records, oldest / 1_000.0);
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
        StreamsHost running = host;
        if (running == null) {
            return List.of("starting");
        }
        List<String> reasons = new ArrayList<>(running.reasonsAgainst());
        for (TopicTable table : tables) {
            if (table.state().equals("CATCHING_UP")) {
                reasons.add(table.name() + ": catching up");
            }
        }
        return reasons;
    }

    @Override
    public void close() {
        Future<?> scheduled = checks;
        if (scheduled != null) {
            scheduled.cancel(true);
        }
        checker.shutdown();
        lags.shutdownNow();
        StreamsHost running = host;
        if (running != null) {
            running.close();
        }
        admin.close(DESCRIBE_LIMIT);
    }
}
