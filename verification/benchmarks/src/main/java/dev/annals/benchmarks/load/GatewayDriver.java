package dev.annals.benchmarks.load;

import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.deciding.DecidingConfig;
import dev.annals.engine.kafka.CloudEventHeaders;
import dev.annals.engine.kafka.Topics;
import dev.annals.lanes.CommandEngine;
import dev.annals.lanes.EngineSettings;
import dev.annals.lanes.LaneLayout;
import dev.annals.service.kafka.TopicProvisioner;
import dev.annals.service.kafka.TopicSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/** Calls the command engine where it decides: in this JVM, on topics of its own. */
final class GatewayDriver implements Driver, AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int PATIENCE_SECONDS = 30;

    private final CommandEngine engine;
    private final Values values;
    private final String accountPrefix;
    private int drives;

    GatewayDriver(Installation installation, Topics topics, int partitions, int lanes, Values values, String prefix) {
        this.values = values;
        this.accountPrefix = prefix;
        String type = Program.ENGINE.type();
        new TopicProvisioner(installation.config())
                .ensure(TopicSpec.ofAggregate(topics, installation.config().topicSettings(), type));
        EngineSettings settings = new EngineSettings(
                installation.clients(),
                topics,
                installation.config().values(),
                DecidingConfig.DEFAULT,
                installation.folder().resolve("engine"),
                options -> {},
                Duration.ofMinutes(1),
                0,
                "driver",
                () -> "127.0.0.1:1",
                InstantSource.system());
        engine = new CommandEngine()
                .with(
                        settings,
                        AggregateBinding.of(new AccountsDomain().aggregate()),
                        new LaneLayout(Program.ENGINE.type(), partitions, lanes));
        engine.start();
        try {
            Measurement.await(
                    "the engine to decide", START_LIMIT, PAUSE, () -> engine.deciding(Program.ENGINE.type()) == lanes);
        } catch (Exception e) {
            throw new LoadException("the engine does not decide: " + engine.reasonsAgainst(), e);
        }
    }

    @Override
    public Recorder drive(Load load) {
        return new Drive(load, accountPrefix + "direct-" + drives++ + "-").run();
    }

    @Override
    public void close() {
        engine.close();
    }

    private final class Drive {
        private final Load load;
        private final String idPrefix;
        private final Schedule schedule;
        private final Recorder recorder;
        private final Semaphore places;
        private volatile @Nullable Throwable failure;

        Drive(Load load, String idPrefix) {
            this.load = load;
            this.idPrefix = idPrefix;
            this.schedule = new Schedule(load, System.nanoTime());
            this.recorder = new Recorder(schedule);
            this.places = new Semaphore(load.concurrency());
        }

        Recorder run() {
            try {
                byte[] value = values.of(Program.ENGINE, load.kind());
                for (long i = 0; failure == null && schedule.has(i, System.nanoTime()); i++) {
                    take(1);
                    send(i, value, schedule.await(i));
                }
                take(load.concurrency());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new LoadException("interrupted", e);
            }
            if (failure != null) {
                throw new LoadException("a command was not accepted: " + failure, failure);
            }
            return recorder;
        }

        private void take(int count) throws InterruptedException {
            if (!places.tryAcquire(count, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new LoadException("commands have no result after %d s".formatted(PATIENCE_SECONDS));
            }
        }

        private void send(long number, byte[] value, long start) {
            byte[] account = (accountPrefix + load.account(number)).getBytes(StandardCharsets.UTF_8);
            Headers headers = CloudEventHeaders.ofCommand(
                    idPrefix + number, load.kind().fullName(), "/annals/load", Instant.now());
            engine.decide(Program.ENGINE.type(), new Record<>(account, value, System.currentTimeMillis(), headers))
                    .whenComplete((answer, failed) -> settle(start, answer == null ? null : answer.result(), failed));
        }

        private void settle(long start, @Nullable CommandResult result, @Nullable Throwable failed) {
            if (failed != null) {
                failure = failed;
            } else if (result == null || result.outcome() != Outcome.ACCEPTED || result.replayed()) {
                failure = new LoadException("a command was not accepted: " + result);
            }
            synchronized (recorder) {
                recorder.record(start, System.nanoTime());
            }
            places.release();
        }
    }
}
