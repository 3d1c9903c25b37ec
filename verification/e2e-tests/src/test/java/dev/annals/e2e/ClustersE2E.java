package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.e2e.Installation.Ran;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** An installation and its cluster: what it wants there, and what it says of it. The tests follow each other. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
final class ClustersE2E {

    private static final Set<String> NO_SERVICES = Set.of("Kafka broker", "schema registry");

    /** A round is 30 s, and takes its time on a machine that is busy. */
    private static final Duration TOLD_WITHIN = Duration.ofSeconds(60);

    private static Installation annals;
    private static Admin admin;

    @BeforeAll
    static void it_runs(@TempDir Path folder) throws Exception {
        annals = new Installation(folder);
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
        admin = Admin.create(Map.of("bootstrap.servers", annals.kafka().bootstrapServers()));
    }

    @AfterAll
    static void everything_stops() throws Exception {
        admin.close();
        annals.stop();
    }

    @Test
    @Order(1)
    void the_topics_that_are_listed_are_those_that_services_and_kafka_streams_have_made() throws Exception {
        Map<String, Integer> listed = new HashMap<>();
        for (JsonNode topic : annals.run("topics", "--json").json()) {
            listed.put(topic.path("name").asText(), topic.path("partitions").asInt());
        }

        Map<String, Integer> made = new HashMap<>();
        for (TopicDescription topic :
                admin.describeTopics(ours()).allTopicNames().get().values()) {
            made.put(topic.name(), topic.partitions().size());
        }
        assertThat(listed).isEqualTo(made);
    }

    private static Set<String> ours() throws Exception {
        Set<String> names = new TreeSet<>(admin.listTopics().names().get()); // without those of Kafka itself
        names.removeIf(name -> name.startsWith("__"));
        return names;
    }

    @Test
    @Order(2)
    void a_doctor_finds_it_well_and_leaves_nothing() throws Exception {
        Set<String> before = ours();

        Ran doctor = annals.run("doctor", "--json");

        assertThat(doctor.exitCode()).as(doctor.toString()).isZero();
        assertThat(doctor.json().path("holds").asBoolean()).isTrue();
        assertThat(doctor.json().path("checks").findValuesAsText("name"))
                .contains("transactions", "registry", "compatibility");
        assertThat(ours()).isEqualTo(before);
    }

    @Test
    @Order(3)
    void a_retention_on_events_is_told_by_all_services_within_a_minute_and_by_the_doctor() throws Exception {
        String reason = "topic accounts.events has cleanup.policy=delete: it must be compact";
        List<Integer> ports = servicePorts();
        assertThat(ports).hasSize(4);
        set("cleanup.policy", "delete");

        await().atMost(TOLD_WITHIN).untilAsserted(() -> {
            for (int port : ports) {
                var ready = annals.get(port, "/health/ready");
                assertThat(ready.statusCode()).isEqualTo(503);
                assertThat(ready.body()).contains(reason);
            }
        });
        Ran doctor = annals.run("doctor");
        assertThat(doctor.exitCode()).isEqualTo(1);
        assertThat(doctor.out()).contains("installation, cleanup", reason);

        set("cleanup.policy", "compact");
        await().atMost(TOLD_WITHIN).untilAsserted(() -> {
            for (int port : ports) {
                assertThat(annals.get(port, "/health/ready").statusCode()).isEqualTo(200);
            }
        });
    }

    private static List<Integer> servicePorts() throws Exception {
        List<Integer> ports = new ArrayList<>();
        for (JsonNode process : annals.run("status", "--json").json()) {
            if (!NO_SERVICES.contains(process.path("title").asText())) {
                ports.add(URI.create(process.path("address").asText()).getPort());
            }
        }
        return ports;
    }

    private static void set(String key, String value) throws Exception {
        ConfigResource events = new ConfigResource(ConfigResource.Type.TOPIC, "accounts.events");
        admin.incrementalAlterConfigs(Map.of(
                        events, List.of(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }
}
