package dev.annals.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.core.kafka.AggregateIds;
import dev.annals.core.kafka.EventKey;
import dev.annals.e2e.Installation.Ran;
import dev.annals.e2e.wallets.WalletsDomain;
import dev.annals.testkit.kafka.CommittedRecords;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events are erased, the broker's cleaner really runs over their topic, and then over their tombstones: what is lost is what was erased, and
 * everybody treats it as the author says. One installation; the tests follow each other as time does.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("heavy")
final class ErasureE2E {

    private static final String TOPIC = "wallets.events";
    private static final String GONE = " gone";
    private static final int WALLETS = 24;
    private static final int PUTS = 5;
    private static final Duration CLEANER_LIMIT = Duration.ofMinutes(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private static final EventKey IN_THE_MIDDLE = new EventKey("w-1", 3);
    private static final EventKey FIRST = new EventKey("w-2", 1);
    private static final EventKey LAST = new EventKey("w-3", PUTS);
    private static final List<EventKey> ERASED = List.of(IN_THE_MIDDLE, FIRST, LAST);
    private static final Set<String> OWNERS = new TreeSet<>(List.of("w-1", "w-2", "w-3"));

    private static final JsonMapper JSON = new JsonMapper();

    /** Of each wallet. */
    private static final Map<String, Long> VERSIONS = new LinkedHashMap<>();

    private static Installation annals;

    @BeforeAll
    static void wallets_are_filled(@TempDir Path folder) throws Exception {
        annals = new Installation(folder);
        install(1);
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
        set(new ConfigResource(ConfigResource.Type.BROKER, ""), "log.cleaner.backoff.ms", "200");
        for (int wallet = 0; wallet < WALLETS; wallet++) {
            for (int put = 1; put <= PUTS; put++) {
                put("w-" + wallet);
            }
        }
        assertThat(verified("wallets").exitCode()).isZero();
    }

    @AfterAll
    static void everything_stops() throws Exception {
        annals.stop();
    }

    @Test
    @Order(1)
    void an_event_that_was_just_erased_is_shown_as_erased_and_folds_still_come_to_it_first() throws Exception {
        erase(ERASED);

        Awaitility.await().atMost(ANSWER_LIMIT).untilAsserted(() -> assertShownAsErased());
        for (String view : List.of("wallets", "holders", "strict-wallets")) {
            assertThat(verified(view).exitCode()).as(view).isZero();
        }
        JsonNode type = verified("wallets").json().path("type");
        assertThat(type.path("erased").asInt()).isEqualTo(ERASED.size());
        assertThat(type.path("findings")).isEmpty();
    }

    private static void assertShownAsErased() throws Exception {
        for (EventKey each : List.of(IN_THE_MIDDLE, FIRST)) {
            JsonNode items = history(each.aggregateId());
            assertThat(items).hasSizeGreaterThanOrEqualTo(PUTS);
            for (JsonNode item : items) {
                boolean erased = item.path("version").asLong() == each.version();
                assertThat(item.path("erased").asBoolean()).as("%s", item).isEqualTo(erased);
                assertThat(item.has("data")).as("%s", item).isEqualTo(!erased);
            }
        }
        // What was put in with version v is v.
        assertThat(sumAt(IN_THE_MIDDLE.aggregateId(), 3)).isEqualTo(1 + 2);
        assertThat(sumAt(IN_THE_MIDDLE.aggregateId(), 4)).isEqualTo(1 + 2 + 4);
        assertThat(sumAt(FIRST.aggregateId(), 2)).isEqualTo(2);
    }

    @Test
    @Order(2)
    void the_cleaner_takes_the_erased_events_away_and_nothing_else() throws Exception {
        Map<String, String> before = records();
        set(topic(), "min.cleanable.dirty.ratio", "0", "min.compaction.lag.ms", "0", "segment.ms", "100");

        Awaitility.await().atMost(CLEANER_LIMIT).until(() -> {
            rollSegments();
            return records().values().stream().noneMatch(ErasureE2E::isErasedEvent);
        });

        Map<String, String> expected = new LinkedHashMap<>(before);
        expected.values().removeIf(ErasureE2E::isErasedEvent);
        assertThat(expected).hasSize(before.size() - ERASED.size());
        assertThat(expected.values()).containsAll(tombstones(ERASED));
        assertThat(records()).containsAllEntriesOf(expected);
        assertShownAsErased();
    }

    @Test
    @Order(3)
    void versions_are_complete_and_what_was_folded_before_the_erasure_is_found() throws Exception {
        Ran verified = verified("wallets");

        assertThat(verified.exitCode()).isEqualTo(1);
        JsonNode report = verified.json();
        assertThat(report.at("/type/right").asBoolean()).as(verified.out()).isTrue();
        assertThat(report.at("/type/erased").asInt()).isEqualTo(ERASED.size());
        assertThat(keys(report.at("/states/differences"))).isEqualTo(OWNERS);
        assertThat(keys(report.at("/view/differences"))).isEqualTo(OWNERS);
        assertThat(report.at("/view/remarks").toString()).contains("3 events are erased or missing");
        assertThat(verified("holders").exitCode()).isEqualTo(1);
    }

    @Test
    @Order(4)
    void a_view_that_passes_over_is_built_anew_without_them_and_one_that_refuses_stops_and_says_so() throws Exception {
        for (String view : List.of("wallets", "holders")) {
            Ran replayed = annals.run("replay", view, "--json");
            assertThat(replayed.exitCode()).as(replayed.toString()).isZero();
        }
        assertThat(verified("wallets").json().at("/view/equal").asBoolean()).isTrue();
        assertThat(verified("holders").exitCode()).isZero();

        assertThat(verified("strict-wallets")).satisfies(verified -> {
            assertThat(verified.exitCode()).isEqualTo(1);
            assertThat(verified.err()).contains("can't be folded", "PASS_OVER");
        });
        assertThat(annals.run("replay", "strict-wallets", "--wait", "0").exitCode())
                .isZero();
        Awaitility.await()
                .atMost(ANSWER_LIMIT)
                .untilAsserted(
                        () -> assertThat(view("strict-wallets").path("replay").toString())
                                .contains("PASS_OVER"));
        assertThat(annals.run("replay", "strict-wallets", "--cancel").exitCode())
                .isZero();
        assertThat(annals.get("/v1/strict-wallets/w-1").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(5)
    void states_are_folded_anew_without_them_and_keep_their_versions() throws Exception {
        restartAs(2);

        assertThat(put("w-1")).isEqualTo(PUTS + 1);
        assertThat(put("w-3")).isEqualTo(PUTS + 1);
        Ran verified = verified("wallets");
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
        assertThat(sumAt("w-3", PUTS + 1)).isEqualTo(1 + 2 + 3 + 4 + 6);
        assertShownAsErased();
    }

    /** The cleaner has decided already how long it keeps the tombstones that it has seen, so this needs others. */
    @Test
    @Order(6)
    void where_tombstones_go_too_a_type_is_not_whole_and_all_else_is_as_before() throws Exception {
        set(topic(), "delete.retention.ms", "0");
        List<EventKey> more = List.of(new EventKey("w-4", PUTS), new EventKey("w-5", 2));
        erase(more);

        Awaitility.await().atMost(CLEANER_LIMIT).until(() -> {
            rollSegments();
            return records().values().stream()
                    .noneMatch(record -> more.stream().anyMatch(each -> record.startsWith(each.toString())));
        });

        assertShownAsErased();
        restartAs(3);
        assertThat(put("w-4")).as("only the old state tells of version 5").isEqualTo(PUTS + 1);
        for (String view : List.of("wallets", "holders")) {
            assertThat(annals.run("replay", view).exitCode()).isZero();
        }
        JsonNode wallets = verified("wallets").json();
        assertThat(wallets.at("/view/equal").asBoolean()).isTrue();
        assertThat(wallets.at("/states/equal").asBoolean()).isTrue();
        assertThat(verified("holders").exitCode()).isZero();
        assertThat(keys(wallets.at("/type/findings"))).containsExactlyInAnyOrder("w-4", "w-5");
    }

    /** The amount is the version that the event gets. */
    private static long put(String wallet) throws Exception {
        long version = VERSIONS.merge(wallet, 1L, Long::sum);
        HttpResponse<String> answer = annals.post(
                "/v1/wallets/" + wallet + "/Put",
                "{\"holder\":\"h-%d\",\"amount\":%d}".formatted(wallet.hashCode() & 3, version));
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 201);
        return JSON.readTree(answer.body()).path("version").asLong();
    }

    /** A segment is closed by the next record after its time, which must come to every partition. */
    private static void rollSegments() throws Exception {
        for (int wallet = 0; wallet < 12; wallet++) {
            put("roll-" + wallet);
        }
    }

    private static void erase(Collection<EventKey> events) throws Exception {
        try (Producer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", annals.kafka().bootstrapServers()),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            int partitions = producer.partitionsFor(TOPIC).size();
            for (EventKey each : events) {
                int partition = AggregateIds.partition(each.aggregateId(), partitions);
                producer.send(new ProducerRecord<>(TOPIC, partition, each.toBytes(), null))
                        .get();
            }
        }
    }

    /** What is in the log, by its place. */
    private static Map<String, String> records() {
        Map<String, String> byPlace = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> each :
                CommittedRecords.toEnd(annals.kafka().bootstrapServers(), TOPIC)) {
            String content = each.value() == null ? GONE : "=" + Arrays.hashCode(each.value());
            byPlace.put(
                    new TopicPartition(TOPIC, each.partition()) + "@" + each.offset(),
                    new String(each.key(), UTF_8) + content);
        }
        return byPlace;
    }

    private static boolean isErasedEvent(String record) {
        return !record.endsWith(GONE) && ERASED.stream().anyMatch(each -> record.startsWith(each.toString()));
    }

    private static List<String> tombstones(List<EventKey> events) {
        return events.stream().map(each -> each + GONE).toList();
    }

    private static ConfigResource topic() {
        return new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
    }

    private static void set(ConfigResource what, String... keysAndValues) throws Exception {
        List<AlterConfigOp> changes = new ArrayList<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            changes.add(new AlterConfigOp(
                    new ConfigEntry(keysAndValues[i], keysAndValues[i + 1]), AlterConfigOp.OpType.SET));
        }
        try (Admin admin =
                Admin.create(Map.of("bootstrap.servers", annals.kafka().bootstrapServers()))) {
            admin.incrementalAlterConfigs(Map.of(what, changes)).all().get();
        }
    }

    private static void restartAs(int release) throws Exception {
        assertThat(annals.run("down").exitCode()).isZero();
        install(release);
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
    }

    /** The domain as a jar, as somebody would drop it in. */
    private static void install(int release) throws IOException {
        Path folder = Files.createDirectories(annals.data().resolve("domains"));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(folder.resolve("wallets.jar")))) {
            entry(jar, WalletsDomain.RELEASE, Integer.toString(release).getBytes(UTF_8));
            entry(
                    jar,
                    "META-INF/services/dev.annals.core.domain.Domain",
                    WalletsDomain.class.getName().getBytes(UTF_8));
            Path built = built();
            for (String part : List.of("avro", "dev/annals/e2e/wallets")) {
                try (Stream<Path> files = Files.walk(built.resolve(part))) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        entry(jar, built.relativize(file).toString(), Files.readAllBytes(file));
                    }
                }
            }
        }
    }

    private static Path built() {
        return Path.of(
                Objects.requireNonNull(WalletsDomain.class.getProtectionDomain().getCodeSource())
                        .getLocation()
                        .getPath());
    }

    private static void entry(JarOutputStream jar, String name, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        jar.write(content);
        jar.closeEntry();
    }

    private static Ran verified(String name) throws Exception {
        return annals.run("verify", name, "--json", "--differences", "100", "--settle", "20");
    }

    private static JsonNode history(String wallet) throws Exception {
        return JSON.readTree(annals.get("/v1/wallets/" + wallet + "/events").body())
                .path("items");
    }

    private static long sumAt(String wallet, long version) throws Exception {
        HttpResponse<String> answer = annals.get(
                "/v1/wallets/%s/state?version=%d&min_version=%d&timeout=10".formatted(wallet, version, version));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body()).at("/state/sum").asLong();
    }

    private static JsonNode view(String name) throws Exception {
        for (JsonNode view : JSON.readTree(annals.get("/v1/views").body()).path("items")) {
            if (view.path("name").asText().equals(name)) {
                return view;
            }
        }
        throw new AssertionError("there is no view " + name);
    }

    private static Set<String> keys(JsonNode array) {
        Set<String> keys = new TreeSet<>();
        array.forEach(each -> keys.add(each.path("key").asText()));
        return keys;
    }
}
