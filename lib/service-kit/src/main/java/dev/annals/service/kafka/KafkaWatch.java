package dev.annals.service.kafka;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.Readiness;
import dev.annals.service.ServiceConfig;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether Kafka answers, for everybody in the process: asks the brokers who they are, every {@link #EVERY} while
 * they answer.
 *
 * <p>Kafka is away when {@link #SILENT_AFTER} questions in a row were not answered within {@link #LIMIT} each, and back
 * with the first answer. One question that a broker under load, or a pause of this process, leaves unanswered is
 * nothing. It is logged when it changes; {@value #METER} is 1 or 0. Costs a thread, a client with another, and a small
 * request every two seconds. Thread-safe.
 */
public final class KafkaWatch implements Readiness, AutoCloseable {

    /** How every service puts it. */
    public static final String SILENT = "Kafka does not answer";

    /** By then a service knows: it takes 11 s at most, and a busy machine some more. */
    public static final Duration NOTICED_WITHIN = Duration.ofSeconds(14);

    public static final String METER = "annals.kafka.answers";

    static final int SILENT_AFTER = 2;

    private static final Duration EVERY = Duration.ofSeconds(2);

    /** After a question that was not answered. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Duration LIMIT = Duration.ofSeconds(4);
    private static final Logger LOG = LoggerFactory.getLogger(KafkaWatch.class);

    private final Question question;
    private final Function<Throwable, String> why;
    private final InstantSource clock;
    private final Worker worker;
    private int unanswered;
    private volatile Instant lastAnswer;

    /** The same by {@link System#nanoTime}, which nobody sets. */
    private volatile long answeredAt = System.nanoTime();

    private volatile @Nullable String silence;

    /** Asks the brokers. Fails if they don't answer. */
    @FunctionalInterface
    interface Question extends AutoCloseable {

        void ask() throws ExecutionException, InterruptedException;

        @Override
        default void close() {}
    }

    /** Not started; until then Kafka counts as answering. */
    public KafkaWatch(ServiceConfig config, MeterRegistry meters, Workers workers) {
        this(
                new Cluster(new KafkaClients(config.kafka(), LIMIT)),
                new Reachability(config)::describe,
                InstantSource.system(),
                meters,
                workers);
    }

    /** @param why no answer came, in a line */
    KafkaWatch(
            Question question,
            Function<Throwable, String> why,
            InstantSource clock,
            MeterRegistry meters,
            Workers workers) {
        this.question = question;
        this.why = why;
        this.clock = clock;
        this.lastAnswer = now();
        Gauge.builder(METER, this, watch -> watch.silence == null ? 1 : 0)
                .description("1 while the brokers answer, 0 when they don't")
                .register(meters);
        this.worker = workers.worker("kafka-watch", () -> ask() ? EVERY : PAUSE)
                .endsWithin(Duration.ZERO, () -> {}) // it may be waiting for an answer
                .atEnd(question::close);
    }

    public KafkaWatch start() {
        worker.start();
        return this;
    }

    /**
     * How long ago a broker has answered: two seconds and what an answer takes, at most, where they answer. Before the
     * first answer, since this was made.
     */
    public Duration sinceAnswer() {
        return Duration.ofNanos(System.nanoTime() - answeredAt);
    }

    /** Why something can't be done now, headed by {@link #SILENT} where that lies beneath it. */
    public String explain(String why) {
        return silence == null || why.contains(SILENT) ? why : SILENT + ": " + why;
    }

    /** Why a client failed: {@link #SILENT} if it has waited for an answer in vain, else what it says. */
    public static String reason(Throwable failure) {
        Throwable cause = Reachability.unwrapped(failure);
        return Reachability.isTimeout(cause) ? SILENT : String.valueOf(cause.getMessage());
    }

    @Override
    public List<String> reasonsAgainst() {
        return Stream.ofNullable(silence).toList();
    }

    /** Whether there was an answer. By one thread. */
    boolean ask() throws InterruptedException {
        try {
            question.ask();
        } catch (ExecutionException | KafkaException e) {
            if (Reachability.isSilence(e)) {
                missed(e);
                return false;
            }
            LOG.atDebug().setCause(e).log("a broker refuses to say who is there, which is an answer");
        }
        answered();
        return true;
    }

    private void missed(Throwable failure) {
        unanswered++;
        if (unanswered >= SILENT_AFTER && silence == null) {
            silence = "%s since %s".formatted(SILENT, lastAnswer); // to find out why takes time
            String reason = why.apply(failure);
            silence = "%s since %s: %s".formatted(SILENT, lastAnswer, reason);
            LOG.atWarn()
                    .addKeyValue("since", lastAnswer)
                    .addKeyValue("reason", reason)
                    .log(SILENT);
        }
    }

    private void answered() {
        Instant now = now();
        unanswered = 0;
        if (silence != null) {
            silence = null;
            LOG.atInfo().addKeyValue("after", Duration.between(lastAnswer, now)).log("Kafka answers again");
        }
        lastAnswer = now;
        answeredAt = System.nanoTime();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public void close() {
        worker.close();
    }

    /** The brokers, by a client that is made when it is first needed: it can't be while no server's name is known. */
    private static final class Cluster implements Question {

        private final KafkaClients clients;
        private @Nullable Admin admin;

        Cluster(KafkaClients clients) {
            this.clients = clients;
        }

        @Override
        public void ask() throws ExecutionException, InterruptedException {
            if (admin == null) {
                admin = clients.admin();
            }
            var unused = admin.describeCluster().nodes().get(); // within the limit of the client
        }

        @Override
        public void close() {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }
}
