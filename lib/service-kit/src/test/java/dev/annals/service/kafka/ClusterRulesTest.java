package dev.annals.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.kafka.Topics;
import dev.annals.service.ClusterRule;
import dev.annals.service.TopicSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClusterRulesTest {

    private static final String EVENTS = "counters.events";
    private static final List<TopicSpec> SPECS =
            TopicSpec.ofInstallation(new Topics(""), TopicSettings.DEFAULTS, List.of("counters"), List.of("watchers"));

    private final ClusterRules rules = new ClusterRules("broker:9092", Set.of());

    private static Map<String, ClusterFacts.OfTopic> topics(int replicas, Map<String, String> more) {
        return SPECS.stream()
                .collect(Collectors.toMap(
                        TopicSpec::name, spec -> new ClusterFacts.OfTopic("id", 4, replicas, config(spec, more))));
    }

    private static Map<String, String> config(TopicSpec spec, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(spec.config());
        config.put("min.insync.replicas", "2");
        config.put("unclean.leader.election.enable", "false");
        config.putAll(more);
        return config;
    }

    private static List<ExpectedTopic> expected(@Nullable Integer partitions, @Nullable String id) {
        return SPECS.stream()
                .map(spec -> spec.name().equals(EVENTS)
                        ? new ExpectedTopic(spec, partitions, id, true)
                        : ExpectedTopic.of(spec))
                .toList();
    }

    private List<ClusterFinding> found(int brokers, int transactions, Map<String, ClusterFacts.OfTopic> topics) {
        return rules.of(new ClusterFacts(brokers, transactions, topics), expected(4, "id"));
    }

    private static Map<String, ClusterFacts.OfTopic> withEvents(int partitions, String id, Map<String, String> more) {
        Map<String, ClusterFacts.OfTopic> topics = new HashMap<>(topics(3, Map.of()));
        Map<String, String> config = new HashMap<>(topics.get(EVENTS).config());
        config.putAll(more);
        topics.put(EVENTS, new ClusterFacts.OfTopic(id, partitions, 3, config));
        return topics;
    }

    @Test
    void three_brokers_that_hold_three_copies_break_nothing() {
        assertThat(found(3, 2, topics(3, Map.of()))).isEmpty();
    }

    @Test
    void one_copy_on_three_brokers_is_refused_once_for_all_topics_with_what_to_do() {
        assertThat(found(3, 2, topics(1, Map.of("min.insync.replicas", "1"))))
                .allMatch(ClusterFinding::severe)
                .satisfiesExactlyInAnyOrder(
                        finding -> {
                            assertThat(finding.rule()).isEqualTo(ClusterRule.REPLICATION);
                            assertThat(finding.topics()).hasSize(SPECS.size());
                            assertThat(finding.text())
                                    .contains(
                                            "and %d more topics: 1 of 3 replicas".formatted(SPECS.size() - 3),
                                            "annals.topics.replication.factor=3",
                                            "annals.cluster.accept=replication");
                        },
                        finding -> assertThat(finding.text())
                                .contains("min.insync.replicas=1", "annals.topics.min.insync.replicas=2"));
    }

    @Test
    void what_an_operator_accepts_is_a_warning() {
        ClusterRules accepting = new ClusterRules("broker:9092", Set.of(ClusterRule.REPLICATION));

        assertThat(accepting.of(new ClusterFacts(3, 2, topics(2, Map.of())), expected(4, "id")))
                .singleElement()
                .matches(finding -> !finding.severe());
    }

    @Test
    void a_single_broker_is_a_warning() {
        assertThat(found(1, 2, topics(1, Map.of("min.insync.replicas", "1"))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.severe()).isFalse())
                .satisfies(finding -> assertThat(finding.text()).contains("the cluster has 1 broker:"));
    }

    @Test
    void more_in_sync_than_there_are_copies_is_refused_anywhere() {
        assertThat(found(1, 2, topics(1, Map.of())))
                .anyMatch(finding -> finding.severe() && finding.text().contains("nothing can be written"));
    }

    @Test
    void unclean_elections_are_refused() {
        assertThat(found(3, 2, topics(3, Map.of("unclean.leader.election.enable", "true"))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.rule()).isEqualTo(ClusterRule.UNCLEAN_ELECTION))
                .satisfies(finding -> assertThat(finding.text()).contains("--add-config unclean.leader.election"));
    }

    @Test
    void transactions_of_before_kip_890_are_refused_and_unknown_ones_are_told() {
        assertThat(found(3, 1, topics(3, Map.of())))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.text())
                                .contains(
                                        "transaction.version=1",
                                        "kafka-features.sh --bootstrap-server broker:9092 upgrade --feature transaction.version=2"));
        assertThat(rules.of(new ClusterFacts(3, null, topics(3, Map.of())), expected(4, "id")))
                .singleElement()
                .matches(finding -> !finding.severe());
    }

    @Test
    void events_are_kept_whole() {
        assertThat(found(3, 2, withEvents(4, "id", Map.of("cleanup.policy", "compact,delete"))))
                .singleElement()
                .satisfies(finding -> assertThat(finding.rule()).isEqualTo(ClusterRule.CLEANUP))
                .satisfies(finding -> assertThat(finding.text())
                        .contains(
                                "topic counters.events has cleanup.policy=compact,delete: it must be compact",
                                "--entity-name counters.events --add-config cleanup.policy=compact"));
    }

    @Test
    void how_long_a_queue_keeps_its_records_is_the_operators_but_it_is_never_compacted() {
        Map<String, ClusterFacts.OfTopic> topics = new HashMap<>(topics(3, Map.of()));
        Map<String, String> config =
                new HashMap<>(topics.get("counters.commands").config());
        config.put("retention.ms", "1000");
        topics.put("counters.commands", new ClusterFacts.OfTopic("id", 4, 3, config));
        assertThat(found(3, 2, topics)).isEmpty();

        config.put("cleanup.policy", "compact");
        topics.put("counters.commands", new ClusterFacts.OfTopic("id", 4, 3, config));
        assertThat(found(3, 2, topics))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("compaction takes all but the last record"));
    }

    @Test
    void the_catalog_is_kept_for_ever() {
        Map<String, ClusterFacts.OfTopic> topics = new HashMap<>(topics(3, Map.of()));
        Map<String, String> config = new HashMap<>(topics.get("annals.catalog").config());
        config.put("retention.ms", "604800000");
        topics.put("annals.catalog", new ClusterFacts.OfTopic("id", 1, 3, config));

        assertThat(found(3, 2, topics))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("retention.ms=604800000: it must be -1"));
    }

    @Test
    void another_topic_of_the_same_name_is_refused() {
        assertThat(found(3, 2, withEvents(4, "other", Map.of())))
                .singleElement()
                .satisfies(finding -> assertThat(finding.rule()).isEqualTo(ClusterRule.TOPIC_REPLACED))
                .satisfies(finding -> assertThat(finding.text()).contains("id other instead of id", "annals restore"));
    }

    @Test
    void a_topic_that_is_gone_is_told() {
        Map<String, ClusterFacts.OfTopic> topics = new HashMap<>(topics(3, Map.of()));
        topics.remove(EVENTS);

        assertThat(found(3, 2, topics))
                .singleElement()
                .satisfies(finding -> assertThat(finding.text()).contains("topic counters.events is gone"));
    }

    @Test
    void added_partitions_are_refused() {
        assertThat(found(3, 2, withEvents(8, "id", Map.of())))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.text()).contains("counters.events has 8 partitions, but was made with 4"));
    }

    @Test
    void a_log_without_its_first_records_is_refused() {
        assertThat(rules.ofBegins(Map.of(new TopicPartition(EVENTS, 0), 0L))).isEmpty();
        assertThat(rules.ofBegins(Map.of(new TopicPartition(EVENTS, 1), 7L)))
                .singleElement()
                .satisfies(finding ->
                        assertThat(finding.text()).contains("counters.events, partition 1 begins at offset 7"));
    }
}
