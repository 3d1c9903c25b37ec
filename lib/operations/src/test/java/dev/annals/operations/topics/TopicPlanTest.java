package dev.annals.operations.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.accounts.AccountsDomain;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.InstalledDomains;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.topics.TopicPlan.PlannedTopic;
import dev.annals.orders.OrdersDomain;
import dev.annals.service.TopicSettings;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TopicPlanTest {

    private static final TopicSettings SETTINGS = new TopicSettings(6, 3, 2, null, Set.of("orders"), true, Set.of());

    private final TopicPlan plan = new TopicPlan(
            new Topics("shop."), SETTINGS, new InstalledDomains(List.of(new OrdersDomain(), new AccountsDomain())));

    private PlannedTopic topic(String name) {
        return plan.all().stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("there is no topic " + name));
    }

    @Test
    void it_has_the_topics_of_types_processes_views_and_kafka_streams() {
        assertThat(plan.all().stream().map(PlannedTopic::name))
                .doesNotHaveDuplicates()
                .contains(
                        "shop.annals.catalog",
                        "shop.annals.views",
                        "shop.accounts.events",
                        "shop.transfers.journal",
                        "shop.country-sales.view.1",
                        "shop.accounts.states",
                        "shop.annals-process-transfers-inputs-repartition",
                        "shop.annals-process-transfers-instances-changelog",
                        "shop.annals-view-accounts-1-aggregates-changelog",
                        "shop.annals-view-country-sales-1-groups-changelog",
                        "shop.annals-view-country-sales-1-parts-repartition");
    }

    @Test
    void they_are_as_the_settings_say() {
        assertThat(topic("shop.accounts.events").partitions()).isEqualTo(6);
        assertThat(topic("shop.accounts.events").replicationFactor()).isEqualTo(3);
        assertThat(topic("shop.accounts.events").config())
                .containsEntry("cleanup.policy", "compact")
                .containsEntry("min.insync.replicas", "2")
                .doesNotContainKey("delete.retention.ms");
        assertThat(topic("shop.orders.events").config())
                .isEqualTo(Map.of(
                        "cleanup.policy", "delete",
                        "retention.ms", "-1",
                        "retention.bytes", "-1",
                        "min.insync.replicas", "2"));
        assertThat(topic("shop.annals.views").partitions()).isEqualTo(1);
    }

    @Test
    void a_replay_wants_those_of_the_next_generation() {
        assertThat(plan.ofView("orders", 2).stream().map(PlannedTopic::name))
                .containsExactly("shop.orders.view.2", "shop.annals-view-orders-2-aggregates-changelog");
        assertThatThrownBy(() -> plan.ofView("order", 2))
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContaining("there is no view order");
    }

    @Test
    void the_line_of_kafkas_own_tool_makes_it() {
        assertThat(TopicFormat.KAFKA.text(topic("shop.orders.events"), "broker:9092"))
                .isEqualTo("kafka-topics.sh --bootstrap-server broker:9092 --create --if-not-exists"
                        + " --topic shop.orders.events --partitions 6 --replication-factor 3"
                        + " --config cleanup.policy=delete --config min.insync.replicas=2"
                        + " --config retention.bytes=-1 --config retention.ms=-1");
    }

    @Test
    void strimzi_wants_names_of_kubernetes() {
        PlannedTopic topic = new PlannedTopic("My_Shop.orders.events", 4, null, Map.of("retention.ms", "-1"));

        assertThat(TopicFormat.STRIMZI.text(topic, "main")).isEqualTo("""
                        ---
                        apiVersion: kafka.strimzi.io/v1beta2
                        kind: KafkaTopic
                        metadata:
                          name: my-shop.orders.events
                          labels:
                            strimzi.io/cluster: main
                        spec:
                          topicName: My_Shop.orders.events
                          partitions: 4
                          config:
                            retention.ms: "-1\"""");
    }

    @Test
    void terraform_wants_names_without_dots() {
        PlannedTopic topic = new PlannedTopic("orders.events", 4, 3, Map.of("retention.ms", "-1"));

        assertThat(TopicFormat.TERRAFORM.text(topic, "")).isEqualTo("""
                        resource "kafka_topic" "orders_events" {
                          name               = "orders.events"
                          partitions         = 4
                          replication_factor = 3
                          config = {
                            "retention.ms" = "-1"
                          }
                        }
                        """);
    }
}
