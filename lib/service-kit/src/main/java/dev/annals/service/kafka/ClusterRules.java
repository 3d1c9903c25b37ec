package dev.annals.service.kafka;

import dev.annals.service.ClusterRule;
import dev.annals.service.TopicSettings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.TopicConfig;

/**
 * The rules by which a cluster keeps our promises: one home for the services, at their start and while they run, and
 * for {@code annals doctor}. Pure; {@link ClusterFacts} asks.
 *
 * @param servers for the lines that an operator is told to run
 * @param accepted rules that may be broken
 */
public record ClusterRules(String servers, Set<ClusterRule> accepted) {

    /** From so many brokers on, copies are demanded. */
    static final int ENOUGH_BROKERS = 3;

    static final int ENOUGH_REPLICAS = 3;
    static final int ENOUGH_IN_SYNC = 2;

    /** Since then, the epoch of a producer rises with each transaction (KIP-890). */
    static final int ENOUGH_TRANSACTIONS = 2;

    private static final int NAMED_TOPICS = 3;
    private static final String WAY_BACK =
            "stop the services, and restore a backup (annals restore) into a new installation with another annals.topics.prefix";
    private static final String FOR_EVER = "-1";

    /** Settings of a topic that must be what its spec says. */
    private static final List<String> FIXED = List.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.RETENTION_MS_CONFIG,
            TopicConfig.RETENTION_BYTES_CONFIG,
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG);

    /** A topic with what there is of it. */
    private record Topic(ExpectedTopic expected, ClusterFacts.OfTopic found) {

        String name() {
            return expected.name();
        }

        String setting(String key) {
            return found.config().getOrDefault(key, "");
        }

        int minInsync() {
            return Integer.parseInt(found.config().getOrDefault(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1"));
        }
    }

    /** All rules but those on offsets. */
    public List<ClusterFinding> of(ClusterFacts facts, Collection<ExpectedTopic> expected) {
        List<Topic> topics = new ArrayList<>();
        List<ClusterFinding> findings = new ArrayList<>();
        for (ExpectedTopic each : expected) {
            ClusterFacts.OfTopic found = facts.topics().get(each.name());
            if (found == null) {
                findings.add(missing(each));
            } else {
                topics.add(new Topic(each, found));
            }
        }
        topics.forEach(topic -> ofOne(topic, findings));
        findings.addAll(copies(facts.brokers(), topics));
        ofTransactions(facts, findings);
        return findings;
    }

    /** Topics that must be there and are not. */
    List<ClusterFinding> missing(Collection<ExpectedTopic> topics) {
        return topics.stream().map(this::missing).toList();
    }

    private ClusterFinding missing(ExpectedTopic topic) {
        return finding(
                ClusterRule.TOPIC_MISSING,
                topic.name(),
                topic.id() == null
                        ? "topic %s is gone: a service makes it at its next start".formatted(topic.name())
                        : "topic %s is gone, and what was in it with it: %s".formatted(topic.name(), WAY_BACK));
    }

    private void ofOne(Topic topic, List<ClusterFinding> to) {
        ExpectedTopic expected = topic.expected();
        if (expected.id() != null && !expected.id().equals(topic.found().id())) {
            to.add(finding(
                    ClusterRule.TOPIC_REPLACED,
                    topic.name(),
                    "topic %s is not the one that this installation wrote to (id %s instead of %s): it was deleted and made anew, and what was in it is lost; %s"
                            .formatted(topic.name(), topic.found().id(), expected.id(), WAY_BACK)));
        }
        if (expected.partitions() != null
                && expected.partitions() != topic.found().partitions()) {
            to.add(finding(
                    ClusterRule.PARTITIONS,
                    topic.name(),
                    ("topic %s has %d partitions, but was made with %d (recorded in the topic annals.catalog): with another number, ids"
                                    + " belong to other partitions, and histories would split; make the topic anew with %d,"
                                    + " or start a new installation with another annals.topics.prefix")
                            .formatted(
                                    topic.name(),
                                    topic.found().partitions(),
                                    expected.partitions(),
                                    expected.partitions())));
        }
        FIXED.stream()
                .filter(key -> isWrong(topic, key))
                .forEach(key -> to.add(finding(ruleOf(key), topic.name(), wrongSetting(topic, key))));
    }

    private static ClusterRule ruleOf(String key) {
        return key.equals(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG) ? ClusterRule.TIMESTAMP_TYPE : ClusterRule.CLEANUP;
    }

    /** How long a queue keeps its records is the operator's to change; what is kept for ever is not. */
    private static boolean isWrong(Topic topic, String key) {
        String wanted = topic.expected().spec().config().get(key);
        return wanted != null
                && (!key.startsWith("retention.") || wanted.equals(FOR_EVER))
                && !words(topic.setting(key)).equals(words(wanted));
    }

    private static Set<String> words(String list) {
        return Arrays.stream(list.split(",")).map(String::strip).collect(Collectors.toSet());
    }

    private String wrongSetting(Topic topic, String key) {
        String wanted = Objects.requireNonNull(topic.expected().spec().config().get(key));
        return "topic %s has %s=%s: it must be %s, since %s; change it with: %s"
                .formatted(
                        topic.name(),
                        key,
                        topic.setting(key),
                        wanted,
                        reason(key, wanted),
                        TopicLines.alter(servers, topic.name(), key, wanted));
    }

    private static String reason(String key, String wanted) {
        if (key.equals(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG)) {
            return "a sender's clock would say when command ids are forgotten";
        }
        return wanted.equals(TopicConfig.CLEANUP_POLICY_DELETE)
                ? "compaction takes all but the last record of a key"
                : "what is in it is kept for ever";
    }

    /** Copies of topics, on three brokers or more; fewer can't hold them. */
    private List<ClusterFinding> copies(int brokers, List<Topic> topics) {
        List<ClusterFinding> findings = new ArrayList<>();
        if (brokers < ENOUGH_BROKERS) {
            findings.add(new ClusterFinding(
                    ClusterRule.REPLICATION,
                    false,
                    List.of(),
                    "the cluster has %d broker%s: what one loses, all lose; %d keep the promises when one is lost"
                            .formatted(brokers, brokers == 1 ? "" : "s", ENOUGH_BROKERS)));
        } else {
            findings.addAll(grouped(
                    ClusterRule.REPLICATION,
                    topics,
                    topic -> topic.found().replicas() < ENOUGH_REPLICAS,
                    topic -> topic.found().replicas(),
                    (names, replicas) ->
                            "%s: %s of %d replicas, on %d brokers: with the brokers that have them their records are lost; give them %d (kafka-reassign-partitions.sh, and %s=%d for topics to come)"
                                    .formatted(
                                            names,
                                            replicas,
                                            ENOUGH_REPLICAS,
                                            brokers,
                                            ENOUGH_REPLICAS,
                                            TopicSettings.REPLICATION_FACTOR,
                                            ENOUGH_REPLICAS)));
            findings.addAll(grouped(
                    ClusterRule.MIN_INSYNC_REPLICAS,
                    topics,
                    topic -> topic.minInsync() < ENOUGH_IN_SYNC,
                    Topic::minInsync,
                    (names, least) ->
                            "%s: min.insync.replicas=%s: what is acknowledged may stand on one broker alone, and be lost with it; set it to %d (%s, and %s=%d for topics to come)"
                                    .formatted(
                                            names,
                                            least,
                                            ENOUGH_IN_SYNC,
                                            TopicLines.alter(
                                                    servers,
                                                    "TOPIC",
                                                    TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
                                                    Integer.toString(ENOUGH_IN_SYNC)),
                                            TopicSettings.MIN_INSYNC_REPLICAS,
                                            ENOUGH_IN_SYNC)));
        }
        findings.addAll(grouped(
                ClusterRule.MIN_INSYNC_REPLICAS,
                topics,
                topic -> topic.minInsync() > topic.found().replicas(),
                Topic::minInsync,
                (names, least) -> "%s: min.insync.replicas=%s, and fewer replicas: nothing can be written"
                        .formatted(names, least)));
        findings.addAll(grouped(
                ClusterRule.UNCLEAN_ELECTION,
                topics,
                topic -> topic.found().replicas() > 1
                        && topic.setting(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG)
                                .equals("true"),
                topic -> "true",
                (names, on) ->
                        "%s: unclean.leader.election.enable=true: a broker that lacks the last records may take over, and they are lost; switch it off (%s)"
                                .formatted(
                                        names,
                                        TopicLines.alter(
                                                servers,
                                                "TOPIC",
                                                TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG,
                                                "false"))));
        return findings;
    }

    @FunctionalInterface
    private interface Text<V> {
        String of(String topics, V value);
    }

    /** One finding for all topics that break a rule in the same way. */
    private <V> List<ClusterFinding> grouped(
            ClusterRule rule, List<Topic> topics, Predicate<Topic> breaks, Function<Topic, V> value, Text<V> text) {
        Map<V, List<String>> byValue = topics.stream()
                .filter(breaks)
                .collect(Collectors.groupingBy(value, Collectors.mapping(Topic::name, Collectors.toList())));
        return byValue.entrySet().stream()
                .map(each -> new ClusterFinding(
                        rule,
                        !accepted.contains(rule),
                        each.getValue(),
                        text.of(names(each.getValue()), each.getKey()) + acceptable(rule)))
                .toList();
    }

    private static String names(List<String> topics) {
        String first = topics.stream().sorted().limit(NAMED_TOPICS).collect(Collectors.joining(", "));
        int more = topics.size() - NAMED_TOPICS;
        return more > 0 ? "%s and %d more topics".formatted(first, more) : "topic " + first;
    }

    private static String acceptable(ClusterRule rule) {
        return rule.isAcceptable() ? "; or accept it: %s=%s".formatted(TopicSettings.ACCEPTED, rule.code()) : "";
    }

    private ClusterFinding finding(ClusterRule rule, String topic, String text) {
        return new ClusterFinding(rule, !accepted.contains(rule), List.of(topic), text + acceptable(rule));
    }

    private void ofTransactions(ClusterFacts facts, List<ClusterFinding> to) {
        Integer version = facts.transactionVersion();
        if (version == null) {
            to.add(new ClusterFinding(
                    ClusterRule.TRANSACTION_VERSION,
                    false,
                    List.of(),
                    "the cluster does not say which transaction.version it has; %d or more is needed"
                            .formatted(ENOUGH_TRANSACTIONS)));
        } else if (version < ENOUGH_TRANSACTIONS) {
            ClusterRule rule = ClusterRule.TRANSACTION_VERSION;
            to.add(new ClusterFinding(
                    rule,
                    !accepted.contains(rule),
                    List.of(),
                    "the cluster has transaction.version=%d: a marker that comes late can end the next transaction (KIP-890), and commands are lost or done twice; raise it with: kafka-features.sh --bootstrap-server %s upgrade --feature transaction.version=%d%s"
                            .formatted(version, servers, ENOUGH_TRANSACTIONS, acceptable(rule))));
        }
    }

    /** Logs that hold facts and do not begin at their first record. */
    public List<ClusterFinding> ofBegins(Map<TopicPartition, Long> begins) {
        return begins.entrySet().stream()
                .filter(each -> each.getValue() > 0)
                .map(each -> finding(
                        ClusterRule.RECORDS_DELETED,
                        each.getKey().topic(),
                        "topic %s, partition %d begins at offset %d: what was before it has been deleted, by a retention or by kafka-delete-records.sh; %s"
                                .formatted(
                                        each.getKey().topic(), each.getKey().partition(), each.getValue(), WAY_BACK)))
                .toList();
    }

    /** A log that has become shorter. */
    ClusterFinding truncated(TopicPartition partition, long before, long now) {
        return finding(
                ClusterRule.TRUNCATED,
                partition.topic(),
                "topic %s, partition %d ends at offset %d, where it once ended at %d: a leader without the last records has taken over, and they are lost; %s"
                        .formatted(partition.topic(), partition.partition(), now, before, WAY_BACK));
    }
}
