package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.service.ServiceConfig;
import dev.annals.service.Settings;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@WithKafka
class StreamsHostIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private static final String MESSAGE = "in.1@0, until somebody mends it";

        Broken() {
            super(MESSAGE);
        }
    }

    /** Holds from the first {@link Broken} until it is said to be over. */
    private static final class BrokenStops implements Stops {

        private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

        @Override
        public boolean take(Throwable failure) {
            boolean stops = FailureCount.describe(failure).equals("Broken: " + Broken.MESSAGE);
            if (stops) {
                reason.set(Broken.MESSAGE);
            }
            return stops;
        }

        @Override
        public @Nullable String reason() {
            return reason.get();
        }

        void over() {
            reason.set(null);
        }
    }

    private final KafkaCluster kafka;
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final BrokenStops stops = new BrokenStops();

    @TempDir
    private Path state;

    private String name = "";

    StreamsHostIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @BeforeEach
    void makeTopics() {
        name = kafka.uniqueName("host");
        kafka.createTopic(name + ".in", 2, Map.of());
        kafka.createTopic(name + ".out", 2, Map.of());
    }

    private StreamsHost host(Runnable forEachRecord) {
        return host(forEachRecord, false);
    }

    private StreamsHost host(Runnable forEachRecord, boolean clientMeters) {
        ServiceConfig config = ServiceConfig.of(
                Settings.of(Map.of(
                        "kafka.bootstrap.servers", kafka.bootstrapServers(),
                        "annals.state.dir", state.toString(),
                        "annals.stream.threads", "1")),
                0);
        StreamsApp app = StreamsApp.of("copy", () -> copy(forEachRecord), StreamsDefaults.of(config, name))
                .stoppedBy(stops);
        return new StreamsHost(meters, clientMeters, List.of(app));
    }

    private Topology copy(Runnable forEachRecord) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        name + ".in",
                        Consumed.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("in"))
                .peek((key, value) -> forEachRecord.run(), Named.as("peek"))
                .to(
                        name + ".out",
                        Produced.with(Serdes.ByteArray(), Serdes.ByteArray()).withName("out"));
        return builder.build();
    }

    private void send() {
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            var unused = producer.send(new ProducerRecord<>(name + ".in", new byte[] {1}));
        }
    }

    private static void awaitReady(StreamsHost host) {
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(host.reasonsAgainst()).isEmpty());
    }

    @Test
    void is_ready_only_when_its_applications_run() {
        try (StreamsHost host = host(() -> {})) {
            assertThat(host.reasonsAgainst()).containsExactly("copy: WAITING");
            host.start();
            awaitReady(host);
            assertThat(host.state("copy")).isEqualTo("RUNNING");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void meters_of_kafka_s_clients_are_there_for_whom_asks(boolean clientMeters) {
        try (StreamsHost host = host(() -> {}, clientMeters)) {
            host.start();
            awaitReady(host);
            assertThat(meters.getMeters().stream()
                            .anyMatch(meter -> meter.getId().getName().startsWith("kafka.consumer")))
                    .isEqualTo(clientMeters);
        }
    }

    @Tag("long")
    @Test
    void goes_on_when_a_failure_passes_also_after_it_restarted_the_client() {
        AtomicInteger tries = new AtomicInteger();
        int failures = FailureCount.REPLACED_THREADS + 2;
        try (StreamsHost host = host(() -> {
            if (tries.incrementAndGet() <= failures) {
                throw new IllegalStateException("passes");
            }
        })) {
            host.start();
            awaitReady(host);
            send();

            assertThat(kafka.awaitRecords(name + ".out", 1, LIMIT)).hasSize(1);
            assertThat(meters.counter("annals.streams.failures", "app", "copy").count())
                    .isEqualTo(failures);
            assertThat(host.reasonsAgainst()).singleElement().asString().contains("failed 5 times in a row");
        }
    }

    @Tag("long")
    @Test
    void a_stopped_application_tries_again_by_itself_and_is_not_ready_before_it_is_past() {
        AtomicInteger tries = new AtomicInteger();
        AtomicBoolean broken = new AtomicBoolean(true);
        try (StreamsHost host = host(() -> {
            tries.incrementAndGet();
            if (broken.get()) {
                throw new Broken();
            }
            stops.over();
        })) {
            host.start();
            awaitReady(host);
            send();

            await().atMost(LIMIT).until(() -> stops.reason() != null);
            await().atMost(LIMIT)
                    .failFast("ready, or for another reason", () -> !saysThatItStopped(host))
                    .until(() -> tries.get() == 3);
            assertThat(meters.counter("annals.streams.failures", "app", "copy").count())
                    .isBetween(2.0, 3.0);

            broken.set(false);
            awaitReady(host);
            assertThat(kafka.awaitRecords(name + ".out", 1, LIMIT)).hasSize(1);
            assertThat(host.state("copy")).isEqualTo("RUNNING");
        }
    }

    private static boolean saysThatItStopped(StreamsHost host) {
        return host.reasonsAgainst().equals(List.of("copy: stopped at " + Broken.MESSAGE))
                && host.state("copy").equals(StreamsHost.STOPPED);
    }

    @Test
    void leaves_its_group_when_it_is_closed() throws Exception {
        try (StreamsHost host = host(() -> {})) {
            host.start();
            awaitReady(host);
            assertThat(members()).isNotEmpty();
        }
        // A member that had only gone would be waited for until its session ends, by the one that starts next.
        assertThat(members()).isEmpty();
    }

    private Collection<MemberDescription> members() throws Exception {
        return kafka.admin()
                .describeConsumerGroups(List.of(name))
                .describedGroups()
                .get(name)
                .get()
                .members();
    }

    @Test
    void survives_a_broker_that_goes_and_comes_back() {
        try (StreamsHost host = host(() -> {})) {
            host.start();
            awaitReady(host);
            kafka.broker().kill();
            kafka.broker().start();
            send();

            assertThat(kafka.awaitRecords(name + ".out", 1, LIMIT)).hasSize(1);
        }
    }
}
