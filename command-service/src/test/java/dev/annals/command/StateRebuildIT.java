package dev.annals.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.command.Ledgers.Book;
import dev.annals.command.Ledgers.Sum;
import dev.annals.embedded.FreePorts;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.JvmProcess;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.service.TopicSettings;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A release whose state has another shape takes over a log of events, on four partitions and two instances: whoever
 * decides, and whatever is killed meanwhile, decides on the state after all earlier events. The events say what was
 * seen.
 */
@WithKafka
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StateRebuildIT {

    private static final int PARTITIONS = 4;
    private static final int LANES = 2;
    private static final int LEDGERS = 200;
    private static final int EVENTS_EACH = 1_000;
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final Schema POST = SchemaCatalog.load("annals.ledgers.Post", StateRebuildIT.class.getClassLoader());

    /** Well before the end. */
    private static final Pattern BEGUN = Pattern.compile("is taken over: [1-9][0-9]{4,} records are left to read");

    private final KafkaCluster kafka;
    private final RegistryProcess registry;
    private final Path folder;
    private int processes;

    StateRebuildIT(KafkaCluster kafka, @TempDir Path registryDir, @TempDir Path folder) {
        this.kafka = kafka;
        this.registry = RegistryProcess.start(RegistryConfig.in(registryDir));
        this.folder = folder;
    }

    @AfterAll
    void stop() {
        registry.close();
    }

    @Tag("long")
    @Test
    void commands_are_decided_on_rebuilt_states_though_an_instance_is_killed_and_the_old_release_comes_back() {
        String prefix = kafka.uniqueName("rebuild") + ".";
        try (TypeTopics ledgers = ledgers(prefix)) {
            try (Instance first = start(Ledgers.FIRST, prefix).awaitReady()) {
                post(ledgers, LEDGERS, EVENTS_EACH);
                post(ledgers, LEDGERS, EVENTS_EACH);
                ledgers.results(2 * LEDGERS);
                assertThat(first.get("/health/ready").body()).contains("\"ready\"");
            }

            OwnJvm killed = new OwnJvm(Ledgers.SECOND, prefix);
            killed.start();
            try (Instance second = start(Ledgers.SECOND, prefix)) {
                post(ledgers, LEDGERS, 1);
                killed.awaitBegun();
                killed.kill();
                ledgers.results(3 * LEDGERS);
                second.awaitReady();

                try (Instance back = start(Ledgers.FIRST, prefix)) {
                    await().atMost(LIMIT)
                            .untilAsserted(() ->
                                    assertThat(ledgers.partitionsOfMembers()).containsExactly(2, 2));
                    post(ledgers, LEDGERS, 1);
                    ledgers.results(4 * LEDGERS);
                    back.awaitReady();
                }
                post(ledgers, LEDGERS, 1);
                ledgers.results(5 * LEDGERS);
            } finally {
                killed.close();
            }

            assertThat(ledgers.results())
                    .hasSize(5 * LEDGERS)
                    .allMatch(result -> result.outcome() == CommandResult.Outcome.ACCEPTED);
            Map<String, Integer> seen = assertEveryDecisionSawAllEarlierEvents(ledgers);
            assertThat(seen.keySet()).containsExactlyInAnyOrder("Sum", "Book");
            assertThat(seen.values())
                    .satisfies(counts -> assertThat(
                                    counts.stream().mapToInt(count -> count).sum())
                            .isEqualTo(LEDGERS * (2 * EVENTS_EACH + 3)));
        }
    }

    @Tag("heavy")
    @Test
    void commands_that_waited_for_a_release_are_decided_on_the_states_that_it_has_folded() {
        String prefix = kafka.uniqueName("waited") + ".";
        try (TypeTopics ledgers = ledgers(prefix)) {
            try (Instance first = start(Ledgers.FIRST, prefix).awaitReady()) {
                post(ledgers, LEDGERS, 10);
                ledgers.results(LEDGERS);
                assertThat(first.routes()).isNotEmpty();
            }
            post(ledgers, LEDGERS, 1);
            try (Instance second = start(Ledgers.SECOND, prefix)) {
                ledgers.results(2 * LEDGERS);
                second.awaitReady();
            }

            assertThat(assertEveryDecisionSawAllEarlierEvents(ledgers))
                    .isEqualTo(Map.of("Sum", 10 * LEDGERS, "Book", LEDGERS));
        }
    }

    @Test
    void an_erased_event_holds_up_its_lane_alone_and_says_so() {
        String prefix = kafka.uniqueName("erased") + ".";
        int partition = AggregateIds.partition("ledger-0", PARTITIONS);
        try (TypeTopics ledgers = ledgers(prefix)) {
            try (Instance first = start(Ledgers.FIRST, prefix).awaitReady()) {
                post(ledgers, LEDGERS, 1);
                ledgers.results(LEDGERS);
                assertThat(first.routes()).isNotEmpty();
            }
            ledgers.erase(partition, new EventKey("ledger-0", 2));
            post(ledgers, LEDGERS, 1);
            long elsewhere = IntStream.range(0, LEDGERS)
                    .filter(i -> AggregateIds.partition("ledger-" + i, PARTITIONS) % LANES != partition % LANES)
                    .count();
            try (Instance second = start(Ledgers.SECOND, prefix)) {
                ledgers.results(LEDGERS + (int) elsewhere);
                await().atMost(LIMIT)
                        .untilAsserted(
                                () -> assertThat(second.get("/health/ready").body())
                                        .contains("ledgers: lane %d: ".formatted(partition % LANES))
                                        .contains("ledgers.events partition %d offset ".formatted(partition))
                                        .contains("the event has been erased"));
            }

            assertThat(ledgers.results()).hasSize(LEDGERS + (int) elsewhere);
        }
    }

    private TypeTopics ledgers(String prefix) {
        return new TypeTopics(kafka, registry.url(), prefix, Ledgers.NAME);
    }

    private static void post(TypeTopics ledgers, int count, int times) {
        for (int i = 0; i < count; i++) {
            GenericRecord command = new GenericData.Record(POST);
            command.put("amount", i + 1L);
            command.put("times", times);
            ledgers.send("ledger-" + i, command);
        }
        ledgers.flush();
    }

    private Instance start(String release, String prefix) {
        return ListedDomains.with(
                release,
                () -> Instance.start(
                        kafka.bootstrapServers(),
                        registry.url(),
                        prefix,
                        newFolder(),
                        Map.of(TopicSettings.PARTITIONS, Integer.toString(PARTITIONS))));
    }

    private Path newFolder() {
        return folder.resolve(Integer.toString(processes++));
    }

    private Map<String, String> settings(String prefix, Path stateDir) {
        return new LinkedHashMap<>(Map.of(
                "kafka.bootstrap.servers", kafka.bootstrapServers(),
                "kafka.schema.registry.url", registry.url(),
                "annals.topics.prefix", prefix,
                "annals.state.dir", stateDir.toString(),
                "annals.command.engine", "lanes",
                "annals.topics.partitions", Integer.toString(PARTITIONS)));
    }

    /** @return how many events were decided on each kind of state */
    private Map<String, Integer> assertEveryDecisionSawAllEarlierEvents(TypeTopics ledgers) {
        ledgers.assertStreamsAreWhole();
        Map<String, Integer> decidedOn = new HashMap<>();
        Map<String, Sum> sums = new HashMap<>();
        Map<String, Book> books = new HashMap<>();
        Map<String, String> lastSeen = new HashMap<>();
        try (Deserializer<Object> deserializer = ledgers.newDeserializer()) {
            for (ConsumerRecord<byte[], byte[]> record : ledgers.events()) {
                String id = EventKey.parse(record.key()).aggregateId();
                GenericRecord event = (GenericRecord) deserializer.deserialize(record.topic(), record.value());
                String seen = event.get("seen").toString();
                Sum sum = sums.getOrDefault(id, new Sum(0));
                Book book = books.getOrDefault(id, new Book(0, 0, 0));
                // The events of one command have all seen the state before the first.
                if (!seen.equals(lastSeen.put(id, seen))) {
                    assertThat(seen).as("%s, event %s", id, event).isIn(sum.toString(), book.toString());
                }
                decidedOn.merge(seen.substring(0, seen.indexOf('[')), 1, Integer::sum);
                long amount = (long) event.get("amount");
                sums.put(id, sum.plus(amount));
                books.put(id, book.plus(amount));
            }
        }
        return decidedOn;
    }

    /** A service of its own, to be killed. */
    private final class OwnJvm {

        private final URI readiness;
        private final JvmProcess process;
        private final HttpClient client = HttpClient.newHttpClient();

        OwnJvm(String release, String prefix) {
            int port = FreePorts.any();
            Path home = newFolder();
            Map<String, String> settings = settings(prefix, home.resolve("state"));
            settings.put("annals.http.port", Integer.toString(port));
            readiness = URI.create("http://127.0.0.1:" + port + "/health/ready");
            process = new JvmProcess(
                    new JvmCommand(
                            "command service",
                            JvmCommand.ownClassPath(),
                            List.of("-Xmx256m", "-XX:TieredStopAtLevel=1"),
                            Ledgers.class.getName(),
                            Stream.concat(
                                            Stream.of(release),
                                            settings.entrySet().stream()
                                                    .map(each -> each.getKey() + "=" + each.getValue()))
                                    .toList(),
                            home.resolve("service.log")),
                    () -> !reasons().isEmpty(),
                    LIMIT,
                    Duration.ofSeconds(20));
        }

        private String reasons() {
            try {
                return client.send(HttpRequest.newBuilder(readiness).build(), BodyHandlers.ofString())
                        .body();
            } catch (IOException e) {
                return "";
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }

        void start() {
            process.start();
        }

        void awaitBegun() {
            await().pollInterval(Duration.ofMillis(5)).atMost(LIMIT).until(() -> {
                Matcher begun = BEGUN.matcher(reasons());
                return begun.find();
            });
        }

        void kill() {
            process.kill();
        }

        void close() {
            process.close();
            client.close();
        }
    }
}
