package dev.annals.service.kafka;

import dev.annals.engine.files.OwnerOnly;
import dev.annals.engine.kafka.HoldingClients;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One application, through all its restarts. Called by Streams' threads, the restarter and probes: thread-safe. */
final class HostedApp {

    private static final Logger LOG = LoggerFactory.getLogger(HostedApp.class);
    private static final String FAILURES_METER = "annals.streams.failures";

    private record Running(KafkaStreams streams, @Nullable KafkaStreamsMetrics metrics) {}

    private final StreamsApp app;
    private final MeterRegistry meters;
    private final boolean clientMeters;
    private final ScheduledExecutorService restarter;
    private final FailureCount failures = new FailureCount(InstantSource.system(), FailureCount.FIRST_PAUSE);
    private final FailureCount stops = new FailureCount(InstantSource.system(), FailureCount.FIRST_PAUSE_OF_STOPS);
    private final Counter failureCounter;

    /** Its stores are looked at before it is started again. */
    private final AtomicBoolean suspect = new AtomicBoolean();

    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable HostInfo advertised;
    private volatile @Nullable Running running;
    private volatile FailureCount pauses = failures;
    private volatile @Nullable Future<?> nextStart;

    HostedApp(StreamsApp app, MeterRegistry meters, boolean clientMeters, ScheduledExecutorService restarter) {
        this.app = app;
        this.meters = meters;
        this.clientMeters = clientMeters;
        this.restarter = restarter;
        this.failureCounter = meters.counter(FAILURES_METER, "app", app.name());
    }

    /** For all starts after this. */
    void advertise(HostInfo address) {
        advertised = address;
    }

    synchronized void open() {
        if (isClosed()) {
            return;
        }
        try {
            if (suspect.get()) {
                DamagedStores.delete(stores());
                suspect.set(false);
            }
            Properties properties = new Properties();
            properties.putAll(app.config());
            HostInfo here = advertised;
            if (here != null) {
                properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, here.host() + ":" + here.port());
            }
            KafkaStreams streams = new KafkaStreams(app.topology().get(), properties, new HoldingClients());
            restrict(stores().getParent());
            streams.setUncaughtExceptionHandler(this::failed);
            streams.setStateListener(this::changed);
            app.prepare().accept(streams);
            running = new Running(streams, clientMeters ? bind(streams) : null);
            streams.start();
        } catch (RuntimeException e) {
            count(e, failures);
            if (DamagedStores.isSuspect(e)) {
                suspect.set(true);
            }
            restartLater();
        }
    }

    /** Whatever the folder of all stores had, Kafka Streams has just let its group read it. */
    private static void restrict(@Nullable Path folder) {
        try {
            if (folder != null && Files.isDirectory(folder)) {
                OwnerOnly.restrict(folder);
            }
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("folder", folder)
                    .addKeyValue("reason", e.toString())
                    .log("others may read the stores: their rights can't be taken");
        }
    }

    private Path stores() {
        return Path.of(String.valueOf(app.config().get(StreamsConfig.STATE_DIR_CONFIG)))
                .resolve(String.valueOf(app.config().get(StreamsConfig.APPLICATION_ID_CONFIG)));
    }

    /** As a thread does that fails at a store: for readers, whose failures are answers. */
    void suspectStores(String reason) {
        if (!suspect.getAndSet(true)) {
            count(new ProcessorStateException(reason), failures);
            restartLater();
        }
    }

    private KafkaStreamsMetrics bind(KafkaStreams streams) {
        KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams);
        metrics.bindTo(meters);
        return metrics;
    }

    /**
     * In the dying thread. A short pause here is cheap; a long one would hold its open transaction, so the client
     * closes.
     */
    private StreamThreadExceptionResponse failed(Throwable failure) {
        boolean stoppedBefore = app.stops().reason() != null;
        if (app.stops().take(failure)) {
            stopped(failure, stoppedBefore);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        int inARow = count(failure, failures);
        if (DamagedStores.isSuspect(failure)) {
            suspect.set(true);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT; // what is open can't be looked at
        }
        if (inARow > FailureCount.REPLACED_THREADS) {
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        pause(failures.pause());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    private void stopped(Throwable failure, boolean stoppedBefore) {
        if (!stoppedBefore) {
            stops.endRow();
        }
        count(failure, stops);
    }

    private int count(Throwable failure, FailureCount row) {
        failureCounter.increment();
        pauses = row;
        int inARow = row.add(failure);
        LOG.atError()
                .addKeyValue("app", app.name())
                .addKeyValue("failures", inARow)
                .addKeyValue("reason", FailureCount.describe(failure))
                .setCause(row == stops && inARow > 1 ? null : failure)
                .log("streams failed");
        return inARow;
    }

    private void pause(Duration pause) {
        try {
            if (closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atDebug().addKeyValue("app", app.name()).log("closed during a pause");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void changed(State now, State before) {
        LOG.atInfo()
                .addKeyValue("app", app.name())
                .addKeyValue("state", now)
                .addKeyValue("before", before)
                .log("streams");
        failures.runs(now == State.RUNNING);
        if (now == State.ERROR && !isClosed()) {
            restartLater();
        }
    }

    private void restartLater() {
        Duration pause = pauses.pause();
        LOG.atWarn().addKeyValue("app", app.name()).addKeyValue("pause", pause).log("streams will be restarted");
        try {
            nextStart = restarter.schedule(this::reopen, pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().addKeyValue("app", app.name()).log("no restart: the host is closing");
        }
    }

    private synchronized void reopen() {
        release();
        open();
    }

    private void release() {
        Running current = running;
        running = null;
        if (current != null) {
            KafkaStreamsMetrics metrics = current.metrics();
            if (metrics != null) {
                metrics.close();
            }
            // Leaving the group lets others take over at once, and this instance come back without waiting for its own
            // ghost.
            boolean inTime = current.streams()
                    .close(CloseOptions.timeout(StreamsHost.CLOSE_LIMIT)
                            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            if (!inTime) {
                LOG.atWarn().addKeyValue("app", app.name()).log("streams did not close in time");
            }
        }
    }

    void close() {
        closed.countDown();
        Future<?> pending = nextStart;
        if (pending != null) {
            pending.cancel(false);
        }
        synchronized (this) {
            release();
        }
    }

    private boolean isClosed() {
        return closed.getCount() == 0;
    }

    KafkaStreams streams() {
        Running current = running;
        if (current == null) {
            throw new IllegalStateException("the Streams application %s is not running now".formatted(app.name()));
        }
        return current.streams();
    }

    String state() {
        Running current = running;
        if (app.stops().reason() != null) {
            return StreamsHost.STOPPED;
        }
        return current == null ? "WAITING" : current.streams().state().name();
    }

    @Nullable
    String reasonAgainst() {
        if (!app.essential().getAsBoolean()) {
            return null;
        }
        String stop = app.stops().reason();
        if (stop != null) {
            return "%s: stopped at %s".formatted(app.name(), stop);
        }
        if (suspect.get()) {
            return "%s: a store seems to be damaged; if it is, it is deleted and filled anew".formatted(app.name());
        }
        String failing = failures.reasonAgainst();
        if (failing != null) {
            return "%s: %s".formatted(app.name(), failing);
        }
        String state = state();
        // A thread says RUNNING only when all its active tasks are restored, and the client when all its threads do.
        return state.equals(State.RUNNING.name()) ? null : "%s: %s".formatted(app.name(), state);
    }
}
