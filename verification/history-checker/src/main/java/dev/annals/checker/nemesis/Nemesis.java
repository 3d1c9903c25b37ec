package dev.annals.checker.nemesis;

import dev.annals.checker.cluster.EmbeddedEngine;
import dev.annals.checker.cluster.Installation;
import dev.annals.embedded.JvmProcess;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Runs the faults of a {@link Schedule}, one after the other, in a thread of its own; every fault comes to its end. */
public final class Nemesis {

    private static final Duration STOP_LIMIT = Duration.ofMinutes(3);

    private final Schedule schedule;
    private final Installation installation;
    private final @Nullable EmbeddedEngine embedded;
    private final Runnable cutConnections;
    private final Consumer<String> log;
    private final Map<Fault.Kind, Integer> counts = new EnumMap<>(Fault.Kind.class);
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = Thread.ofPlatform().name("nemesis").unstarted(this::run);
    private volatile @Nullable RuntimeException failure;

    /**
     * @param disturbance with any faults
     * @param embedded counts as one instance more, behind the others; it can't be killed or paused without this JVM, so
     *     it is restarted instead
     * @param log is told each fault when it begins
     */
    public Nemesis(
            long seed,
            Disturbance disturbance,
            Installation installation,
            @Nullable EmbeddedEngine embedded,
            Runnable cutConnections,
            Consumer<String> log) {
        this.schedule = new Schedule(seed, installation.deciders().size() + (embedded == null ? 0 : 1), disturbance);
        this.installation = installation;
        this.embedded = embedded;
        this.cutConnections = cutConnections;
        this.log = log;
    }

    public void start() {
        thread.start();
    }

    /**
     * Waits for the end of the fault under way; then every process runs, except the spare, unless there is a
     * {@link #failure}.
     *
     * @return what was done
     */
    public FaultCounts stop() throws InterruptedException {
        stopping.countDown();
        if (!thread.join(STOP_LIMIT)) {
            throw new IllegalStateException("a fault did not end within " + STOP_LIMIT);
        }
        return FaultCounts.of(counts);
    }

    /** Why a process could not be stopped or started again, with its last words; there were no more faults then. */
    public Optional<RuntimeException> failure() {
        return Optional.ofNullable(failure);
    }

    private void run() {
        try {
            Fault fault = next();
            while (!isStoppingWithin(fault.pause())) {
                log.accept("%s %d for %d ms"
                        .formatted(
                                fault.kind(), fault.instance(), fault.length().toMillis()));
                inflict(fault);
                counts.merge(fault.kind(), 1, Integer::sum);
                fault = next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private Fault next() {
        Fault fault = schedule.next();
        return isOfEmbedded(fault) && fault.kind().isOfInstance() ? fault.of(Fault.Kind.RESTART_INSTANCE) : fault;
    }

    private boolean isOfEmbedded(Fault fault) {
        return fault.instance() == installation.deciders().size();
    }

    /** Also the way to wait: an end cuts it short. */
    private boolean isStoppingWithin(Duration duration) throws InterruptedException {
        return stopping.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void inflict(Fault fault) throws InterruptedException {
        switch (fault.kind()) {
            case KILL_INSTANCE -> kill(instance(fault), fault.length());
            case PAUSE_INSTANCE, FREEZE_INSTANCE -> pause(instance(fault), fault.length());
            case RESTART_INSTANCE -> {
                if (embedded != null && isOfEmbedded(fault)) {
                    restart(embedded::stop, embedded::start, fault.length());
                } else {
                    restart(instance(fault)::stop, instance(fault)::start, fault.length());
                }
            }
            case ADD_INSTANCE -> {
                installation.spare().start();
                var unused = isStoppingWithin(fault.length());
                installation.spare().stop();
            }
            case KILL_BROKER -> kill(installation.broker(), fault.length());
            case PAUSE_BROKER -> pause(installation.broker(), fault.length());
            case CUT_CONNECTIONS -> cutConnections.run();
        }
    }

    private JvmProcess instance(Fault fault) {
        return installation.deciders().get(fault.instance());
    }

    private void restart(Runnable stop, Runnable start, Duration length) throws InterruptedException {
        stop.run();
        var unused = isStoppingWithin(length);
        start.run();
    }

    private void kill(JvmProcess process, Duration length) throws InterruptedException {
        process.kill();
        var unused = isStoppingWithin(length);
        process.start();
    }

    private void pause(JvmProcess process, Duration length) throws InterruptedException {
        process.pause();
        try {
            var unused = isStoppingWithin(length);
        } finally {
            process.resume();
        }
    }
}
