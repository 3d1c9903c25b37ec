package dev.annals.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class WorkerTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Workers workers = new Workers(meters, Duration.ofMillis(20));
    private final Logger logger = (Logger) LoggerFactory.getLogger(Worker.class);

    /** What the next rounds throw; none if it is empty. */
    private final BlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();

    private final BlockingQueue<Integer> rounds = new LinkedBlockingQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private final Worker worker = workers.worker("sweeper", this::round);

    private Duration round() throws Exception {
        thread.set(Thread.currentThread());
        rounds.add(count.incrementAndGet());
        Throwable failure = failures.poll();
        if (failure instanceof Exception e) {
            throw e;
        } else if (failure instanceof Error e) {
            throw e;
        }
        return LONG;
    }

    @BeforeEach
    void be_quiet() {
        logger.setLevel(Level.OFF);
    }

    @AfterEach
    void end() {
        worker.close();
        logger.setLevel(null);
    }

    private int next() throws InterruptedException {
        Integer round = rounds.poll(10, TimeUnit.SECONDS);
        assertThat(round).as("a round within 10 s").isNotNull();
        return round;
    }

    private double failed() {
        return meters.get(Workers.FAILURES).tag("worker", "sweeper").counter().count();
    }

    static List<Throwable> throwables() {
        return List.of(
                new IllegalStateException("a bug"),
                new IOException("a disk"),
                new InterruptedException("a stranger"),
                new StackOverflowError("too deep"),
                new NoClassDefFoundError("a jar that was replaced"));
    }

    @ParameterizedTest
    @MethodSource("throwables")
    void it_starts_over_after_whatever_a_round_throws(Throwable failure) throws InterruptedException {
        failures.add(failure);
        worker.start();

        assertThat(next()).isEqualTo(1);
        assertThat(next()).as("it starts over").isEqualTo(2);
        assertThat(failed()).isEqualTo(1);
    }

    @Test
    void a_failure_stands_against_readiness_until_a_round_succeeds() throws InterruptedException {
        Workers patient = new Workers(meters, LONG);
        Worker failing = patient.worker("sweeper", this::round);
        failures.add(new StackOverflowError("too deep"));
        failing.start();
        next();
        await().until(() -> failed() == 1);

        assertThat(patient.reasonsAgainst()).containsExactly("sweeper: java.lang.StackOverflowError: too deep");
        failing.wake();
        next();
        failing.close(); // the round has ended
        assertThat(failing.trouble()).isNull();
    }

    @Test
    void the_same_failure_is_logged_once_until_a_round_succeeds() throws InterruptedException {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        logger.setLevel(Level.ERROR);
        logger.addAppender(lines);
        logger.setAdditive(false);
        try {
            failures.addAll(
                    List.of(new StackOverflowError("a"), new StackOverflowError("a"), new StackOverflowError("b")));
            worker.start();
            for (int round = 1; round <= 4; round++) {
                next();
            }
            assertThat(failed()).isEqualTo(3);
            assertThat(lines.list).hasSize(2);
        } finally {
            logger.setAdditive(true);
            logger.detachAppender(lines);
        }
    }

    @Test
    void a_thread_that_is_interrupted_goes_on() throws InterruptedException {
        worker.start();
        next();
        thread.get().interrupt();

        assertThat(next()).isEqualTo(2);
        assertThat(failed()).isEqualTo(1);
    }

    @Test
    void waking_cuts_the_pause_short() throws InterruptedException {
        worker.start();
        next();
        worker.wake();

        assertThat(next()).isEqualTo(2);
        assertThat(failed()).isZero();
    }

    @Test
    void what_is_done_at_the_end_is_done_by_the_thread_itself() throws InterruptedException {
        AtomicReference<@Nullable Thread> last = new AtomicReference<>();
        worker.atEnd(() -> last.set(Thread.currentThread())).start();
        next();
        worker.close();

        assertThat(last.get()).isSameAs(thread.get());
        assertThat(workers.reasonsAgainst()).isEmpty();
    }

    @Test
    void a_round_that_waits_is_ended_as_it_was_told() throws InterruptedException {
        CountDownLatch ended = new CountDownLatch(1);
        CountDownLatch waiting = new CountDownLatch(1);
        Worker patient = workers.worker("patient", () -> {
                    waiting.countDown();
                    ended.await();
                    return LONG;
                })
                .endsWithin(LONG, ended::countDown)
                .start();
        waiting.await();

        patient.close();
        assertThat(ended.getCount()).isZero();
    }

    @Test
    void a_round_that_does_not_end_is_interrupted() throws InterruptedException {
        CountDownLatch waiting = new CountDownLatch(1);
        AtomicReference<@Nullable Throwable> end = new AtomicReference<>();
        Worker stubborn = workers.worker("stubborn", () -> {
                    waiting.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        end.set(e);
                        throw e;
                    }
                    return LONG;
                })
                .endsWithin(Duration.ofMillis(10), () -> {})
                .start();
        waiting.await();

        stubborn.close();
        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        assertThat(meters.get(Workers.FAILURES)
                        .tag("worker", "stubborn")
                        .counter()
                        .count())
                .isZero();
    }

    @Test
    void one_that_was_never_started_can_be_closed() {
        AtomicInteger ends = new AtomicInteger();
        worker.atEnd(ends::incrementAndGet).close();

        assertThat(ends).hasValue(1);
    }
}
