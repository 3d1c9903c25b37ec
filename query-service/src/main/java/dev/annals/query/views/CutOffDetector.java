package dev.annals.query.views;

import dev.annals.query.routing.Peers;
import dev.annals.query.table.PauseDetector;
import dev.annals.service.Readiness;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import dev.annals.service.kafka.KafkaWatch;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Detects that this instance can't reach Kafka while others can: they are given its partitions and answer from newer
 * rows, so it must answer nothing until it has looked around anew ({@link PauseDetector}). Where Kafka is away for all,
 * or nobody else is there, all go on answering from what they have. Thread-safe.
 */
public final class CutOffDetector implements Readiness, AutoCloseable {

    /** GET: how many milliseconds ago a broker has answered the instance that is asked. */
    public static final String SINCE_ANSWER = "/internal/kafka";

    /** Brokers answer every two seconds; as short as a pause may be. */
    static final Duration SILENT_AFTER = PauseDetector.LIMIT;

    /**
     * Everybody asks the brokers every two seconds, so where they went away for all, the last answers of two instances
     * are no further apart, but for what an answer takes.
     */
    static final Duration APART = Duration.ofMillis(2_500);

    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(CutOffDetector.class);

    private final Supplier<Duration> sinceAnswer;
    private final Supplier<Collection<HostInfo>> others;
    private final Function<HostInfo, CompletableFuture<Duration>> ask;
    private final PauseDetector pauses;
    private final Worker worker;
    private volatile boolean cutOff;

    /** @param others that this instance knows of */
    public CutOffDetector(
            KafkaWatch kafka,
            Supplier<Collection<HostInfo>> others,
            Peers peers,
            PauseDetector pauses,
            Workers workers) {
        this(kafka::sinceAnswer, others, other -> ask(peers, other), pauses, workers);
    }

    /** @param ask how long ago Kafka has answered there; fails without an answer */
    CutOffDetector(
            Supplier<Duration> sinceAnswer,
            Supplier<Collection<HostInfo>> others,
            Function<HostInfo, CompletableFuture<Duration>> ask,
            PauseDetector pauses,
            Workers workers) {
        this.sinceAnswer = sinceAnswer;
        this.others = others;
        this.ask = ask;
        this.pauses = pauses;
        this.worker = workers.worker("cut-off-detector", () -> {
                    look();
                    return LOOK;
                })
                .endsWithin(Duration.ZERO, () -> {}); // it may be asking another instance
    }

    public void start() {
        worker.start();
    }

    /** By one thread at a time; blocks for a second at most. */
    void look() {
        Duration here = sinceAnswer.get();
        boolean apart = here.compareTo(SILENT_AFTER) > 0
                && (cutOff || isHeardElsewhere(here)); // who was cut off learns nothing by asking on
        if (apart) {
            pauses.missedSomething();
        }
        if (apart != cutOff) {
            cutOff = apart;
            LOG.atWarn()
                    .addKeyValue("since", here)
                    .log(apart ? "cut off from Kafka, which others hear" : "not cut off");
        }
    }

    private boolean isHeardElsewhere(Duration here) {
        return others.get().stream()
                .map(other -> ask.apply(other)
                        .handle((there, failure) ->
                                there != null && there.plus(APART).compareTo(here) < 0))
                .toList() // all are asked before the first is waited for
                .stream()
                .anyMatch(CompletableFuture::join);
    }

    private static CompletableFuture<Duration> ask(Peers peers, HostInfo other) {
        return peers.ask(other, SINCE_ANSWER, UnaryOperator.identity(), ANSWER_LIMIT)
                .thenApply(CutOffDetector::sinceAnswer);
    }

    private static Duration sinceAnswer(HttpResponse<byte[]> response) {
        if (response.statusCode() != 200) {
            throw new IllegalStateException("an older release");
        }
        return Duration.ofMillis(Long.parseLong(new String(response.body(), StandardCharsets.UTF_8)));
    }

    @Override
    public List<String> reasonsAgainst() {
        return cutOff ? List.of("Kafka answers other instances, but not this one") : List.of();
    }

    @Override
    public void close() {
        worker.close();
    }
}
