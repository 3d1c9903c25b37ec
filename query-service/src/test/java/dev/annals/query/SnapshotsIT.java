package dev.annals.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.kafka.EventKey;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots in their topic: that they survive the disk of an instance, and not the events that they are of. */
@Tag("long")
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SnapshotsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Map<String, String> EVERY_100 = Map.of("annals.query.snapshot.every", "100");

    private final KafkaCluster kafka;

    SnapshotsIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    private static void opened(Installation installation, String id, String owner) {
        installation.event(
                id,
                1,
                "AccountOpened",
                "2026-11-23T10:00:00Z",
                Map.of("owner", owner, "currency", "CZK", "overdraftLimit", "0"));
    }

    /** The versions of an account of which there are snapshots. */
    private List<Long> kept(String topic, String id) {
        Map<String, Boolean> last = new LinkedHashMap<>();
        kafka.records(topic).forEach(each -> last.put(new String(each.key(), UTF_8), each.value() != null));
        List<Long> versions = new ArrayList<>();
        last.forEach((key, exists) -> {
            EventKey event = EventKey.parse(key);
            if (exists && event.aggregateId().equals(id)) {
                versions.add(event.version());
            }
        });
        return versions;
    }

    private static byte[] key(String id, long version) {
        return new EventKey(id, version).toBytes();
    }

    private byte[] last(String topic, byte[] key) {
        return kafka.records(topic).stream()
                .filter(each -> Arrays.equals(each.key(), key))
                .reduce((earlier, later) -> later)
                .orElseThrow()
                .value();
    }

    private static List<Long> upTo(long last) {
        return LongStream.rangeClosed(1, last / 100).map(i -> i * 100).boxed().toList();
    }

    @Test
    void they_are_in_a_compacted_topic_of_which_an_instance_without_its_disk_takes_them(
            @TempDir Path first, @TempDir Path second) throws Exception {
        try (Installation installation = new Installation(kafka)) {
            Instance instance = installation.start(first, EVERY_100);
            installation.awaitReady();
            opened(installation, "long", "ann");
            installation.deposits("long", 2, 1_050);
            opened(installation, "other", "bob");
            installation.deposits("other", 2, 900);
            await().atMost(LIMIT)
                    .until(() -> instance.get("/v1/accounts/long/state?min_version=1050&timeout=20")
                                    .status()
                            == 200);
            String topic = installation.snapshots("accounts");
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(kept(topic, "long")).isEqualTo(upTo(1_050));
                assertThat(kept(topic, "other")).isEqualTo(upTo(900));
            });
            assertThat(cleanup(topic)).isEqualTo("compact");
            String before = state(instance, 950);
            int written = kafka.records(topic).size();
            instance.close();
            // Whoever reads it, and not the events before it, says that the account is another one's.
            installation.raw(topic, "long", key("long", 900), last(topic, key("other", 900)));

            Instance next = installation.start(second, EVERY_100);
            await().atMost(LIMIT).until(() -> next.get("/health/ready").status() == 200);

            assertThat(state(next, 850)).contains("\"version\":850", "ann");
            assertThat(before).contains("\"version\":950", "ann");
            assertThat(state(next, 950)).isEqualTo(before.replace("ann", "bob"));
            assertThat(kafka.records(topic)).as("none is made twice").hasSize(written + 1);
        }
    }

    @Test
    void when_an_event_is_erased_those_with_it_are_too(@TempDir Path state) throws Exception {
        try (Installation installation = new Installation(kafka)) {
            Instance instance = installation.start(state, EVERY_100);
            installation.awaitReady();
            opened(installation, "long", "ann");
            installation.deposits("long", 2, 500);
            await().atMost(LIMIT)
                    .until(() -> instance.get("/v1/accounts/long/state?min_version=500&timeout=20")
                                    .status()
                            == 200);

            installation.erase("accounts", "long", 250);

            await().atMost(LIMIT)
                    .until(() -> instance.get("/v1/accounts/long/state").status() == 410);
            assertThat(instance.get("/v1/accounts/long/state?version=450").code())
                    .isEqualTo("event-erased");
            assertThat(instance.get("/v1/accounts/long/state?version=249").status())
                    .isEqualTo(200);
            String topic = installation.snapshots("accounts");
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(kept(topic, "long")).containsExactly(100L, 200L));
        }
    }

    private static String state(Instance instance, long version) {
        return instance.text("/v1/accounts/long/state?version=" + version);
    }

    private String cleanup(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return kafka.admin()
                .describeConfigs(List.of(resource))
                .all()
                .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                .get(resource)
                .get(TopicConfig.CLEANUP_POLICY_CONFIG)
                .value();
    }
}
