package dev.annals.service.kafka;

import dev.annals.service.Readiness;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs Kafka Streams applications and never lets one die silently.
 *
 * <p>A thread that fails is replaced, at first after {@link FailureCount#FIRST_PAUSE}; when that doesn't help, the
 * whole application is closed and started anew, ever less often, up to every {@link FailureCount#LONGEST_PAUSE}. Where
 * an application fails at its stores, those that are damaged are deleted and filled anew ({@link DamagedStores}). After
 * {@link FailureCount#UNREADY_AFTER} failures in a row, and whenever an application is not running with all its stores
 * restored, the host is not ready. What only a person can cure ({@link Stops}) closes the application at once and
 * starts it anew likewise, first after {@link FailureCount#FIRST_PAUSE_OF_STOPS}; the host is not ready until it is
 * past that. Thread-safe.
 */
public final class StreamsHost implements Readiness, AutoCloseable {

    /** For one application to close; what is not done by then is taken up from the last commit at the next start. */
    public static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    /** The state of an application that stopped and is not past it yet, whatever Streams does meanwhile. */
    public static final String STOPPED = "STOPPED";

    private static final int RESTARTERS = 2;
    private static final Logger LOG = LoggerFactory.getLogger(StreamsHost.class);

    private final MeterRegistry meters;
    private final boolean clientMeters;
    private final Map<String, HostedApp> apps = new ConcurrentSkipListMap<>();
    private final ScheduledExecutorService restarter = Executors.newScheduledThreadPool(
            RESTARTERS,
            Thread.ofPlatform().daemon().name("streams-restarter-", 0).factory());

    private volatile @Nullable HostInfo self;
    private volatile boolean started;

    /** @param clientMeters whether the meters of the applications' Kafka clients are among the meters */
    public StreamsHost(MeterRegistry meters, boolean clientMeters, Collection<StreamsApp> applications) {
        this.meters = meters;
        this.clientMeters = clientMeters;
        applications.forEach(this::add);
    }

    /**
     * Takes one more application, and starts it if the others have been.
     *
     * @throws IllegalArgumentException if there is one of this name
     */
    public void add(StreamsApp app) {
        HostedApp hosted = new HostedApp(app, meters, clientMeters, restarter);
        if (apps.putIfAbsent(app.name(), hosted) != null) {
            throw new IllegalArgumentException("two Streams applications have the name " + app.name());
        }
        HostInfo here = self;
        if (here != null) {
            hosted.advertise(here);
        }
        if (started) {
            hosted.open();
        }
    }

    /** Closes an application, within {@link #CLOSE_LIMIT}, and forgets it; nothing if there is none of this name. */
    public void remove(String name) {
        HostedApp removed = apps.remove(name);
        if (removed != null) {
            removed.close();
        }
    }

    public Set<String> names() {
        return Set.copyOf(apps.keySet());
    }

    /** Starts all applications and returns at once; {@link #reasonsAgainst} says when they are ready. */
    public void start() {
        started = true;
        apps.values().forEach(HostedApp::open);
    }

    /**
     * As {@link #start()}, and tells the other instances where this one answers requests.
     *
     * @param advertised in the metadata of each application, instead of what its configuration says
     */
    public void start(HostInfo advertised) {
        self = advertised;
        apps.values().forEach(app -> app.advertise(advertised));
        start();
    }

    /**
     * Where the other instances of these applications answer requests, by what Kafka Streams knows of its groups. An
     * instance that has just died is among them until its session ends.
     */
    public Set<HostInfo> peers() {
        Set<HostInfo> peers = new LinkedHashSet<>();
        for (HostedApp app : apps.values()) {
            try {
                app.streams().metadataForAllStreamsClients().forEach(each -> peers.add(each.hostInfo()));
            } catch (IllegalStateException | InvalidStateStoreException e) {
                LOG.atDebug().setCause(e).log("an application between two starts knows no peers");
            }
        }
        peers.remove(self);
        return peers;
    }

    /**
     * The running client of an application. Ask for each use: a restart replaces it.
     *
     * @throws IllegalStateException if it has not been started, or is between two starts
     * @throws IllegalArgumentException if there is no such application
     */
    public KafkaStreams streams(String name) {
        return app(name).streams();
    }

    /** What an application does now: {@code WAITING}, {@link #STOPPED}, or a {@link KafkaStreams.State}. */
    public String state(String name) {
        return app(name).state();
    }

    /**
     * Has an application looked at that can't be read: it is closed and started again, and those of its stores that are
     * damaged are filled anew. Returns at once; does nothing if that is under way.
     *
     * @param reason for the log
     * @throws IllegalArgumentException if there is no such application
     */
    public void suspectStores(String name, String reason) {
        app(name).suspectStores(reason);
    }

    private HostedApp app(String name) {
        HostedApp app = apps.get(name);
        if (app == null) {
            throw new IllegalArgumentException(
                    "no Streams application '%s'; there are %s".formatted(name, apps.keySet()));
        }
        return app;
    }

    @Override
    public List<String> reasonsAgainst() {
        List<String> reasons = new ArrayList<>();
        for (HostedApp app : apps.values()) {
            String reason = app.reasonAgainst();
            if (reason != null) {
                reasons.add(reason);
            }
        }
        return reasons;
    }

    /** Closes all applications at the same time, within {@link #CLOSE_LIMIT}. */
    @Override
    public void close() {
        restarter.shutdownNow();
        List<Thread> closing = new ArrayList<>();
        apps.values().forEach(app -> closing.add(Thread.ofVirtual().start(app::close)));
        for (Thread thread : closing) {
            try {
                thread.join(CLOSE_LIMIT.plusSeconds(1));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
