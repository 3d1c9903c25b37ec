package dev.annals.service.kafka;

import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.service.TopicSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * A topic as the contract has it.
 *
 * @param partitions when it is created; null for as many as the setting says
 * @param config set when it is created; an operator may change it later
 */
public record TopicSpec(String name, @Nullable Integer partitions, Map<String, String> config) {

    private static final Duration COMMANDS_KEPT = Duration.ofDays(7);
    private static final Duration RESULTS_KEPT = Duration.ofDays(1);
    private static final Duration DEAD_LETTERS_KEPT = Duration.ofDays(30);

    private static final String FOR_EVER = "-1";

    /** Retention acts on closed segments, so they close well before it. */
    private static final int SEGMENTS_IN_RETENTION = 6;

    public TopicSpec {
        config = Map.copyOf(config);
    }

    /** As it is made, where the brokers take all of it. */
    public NewTopic toMake(TopicSettings settings) {
        Map<String, String> all = new HashMap<>(config);
        if (settings.minInsyncReplicas() > 0) {
            all.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, Integer.toString(settings.minInsyncReplicas()));
        }
        return new NewTopic(name, partitions == null ? settings.partitions() : partitions, (short)
                        settings.replicationFactor())
                .configs(all);
    }

    /** See {@link PartitionCatalog}: nothing in it is ever removed. */
    public static TopicSpec catalog(Topics topics) {
        return new TopicSpec(topics.catalog(), 1, endless());
    }

    /**
     * All topics that services make when they start: not those of views, which projectors make when they begin a
     * generation, nor those of Kafka Streams.
     */
    public static List<TopicSpec> ofInstallation(
            Topics topics, TopicSettings settings, List<String> types, List<String> processes) {
        List<TopicSpec> specs = new ArrayList<>(List.of(catalog(topics)));
        types.forEach(type -> specs.addAll(ofAggregate(topics, settings, type)));
        processes.forEach(process -> specs.addAll(ofProcess(topics, settings, process)));
        specs.add(views(topics));
        return specs;
    }

    /** Commands, events, results, dead letters and states of an aggregate type. */
    public static List<TopicSpec> ofAggregate(Topics topics, TopicSettings settings, String type) {
        return List.of(
                stamped(deleted(topics.commands(type), null, COMMANDS_KEPT)),
                events(topics.events(type), settings, type),
                stamped(deleted(topics.results(type), null, RESULTS_KEPT)),
                deleted(topics.deadLetters(type), null, DEAD_LETTERS_KEPT),
                stamped(compacted(topics.states(type), null, Map.of())));
    }

    /** Journal and dead letters of a process. */
    public static List<TopicSpec> ofProcess(Topics topics, TopicSettings settings, String process) {
        return List.of(
                events(topics.journal(process), settings, process),
                deleted(topics.deadLetters(process), null, DEAD_LETTERS_KEPT));
    }

    /** What commands, results and states are stamped by, see {@link TopicProvisioner#stampByBrokers}. */
    public static final String BROKERS_CLOCK = TimestampType.LOG_APPEND_TIME.name;

    private static TopicSpec stamped(TopicSpec spec) {
        Map<String, String> config = new HashMap<>(spec.config);
        config.put(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, BROKERS_CLOCK);
        return new TopicSpec(spec.name, spec.partitions, config);
    }

    /** See {@code dev.annals.engine.viewregistry}: few and small entries, read from the start by every service. */
    static TopicSpec views(Topics topics) {
        return compacted(topics.views(), 1, Map.of(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(1 << 20)));
    }

    /** The rows of a generation of a view. */
    public static TopicSpec view(Topics topics, ViewId view) {
        return compacted(
                topics.view(view.name(), view.generation()),
                null,
                Map.of(TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(128 << 20)));
    }

    /** What a Streams application restores a store from, where it does not make the topic itself. */
    public static TopicSpec changelog(String name, @Nullable Integer partitions) {
        return compacted(name, partitions, Map.of());
    }

    /** Where a Streams application sends records to the tasks of their keys; it takes away itself what is read. */
    public static TopicSpec repartition(String name) {
        return new TopicSpec(name, null, endless());
    }

    /**
     * No key repeats, so the cleaner reclaims nothing but erased events, and a pass rewrites all it has seen: let it be
     * rare. A tombstone is all that tells an erased event from a lost one, and whoever was away for long must still
     * come by it: let it stay.
     */
    private static TopicSpec events(String name, TopicSettings settings, String owner) {
        if (settings.uncompacted().contains(owner)) {
            return new TopicSpec(name, null, endless());
        }
        Map<String, String> config = new HashMap<>(Map.of(
                TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0.9",
                TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG, millis(Duration.ofDays(1)),
                TopicConfig.SEGMENT_BYTES_CONFIG, Integer.toString(1 << 30)));
        Long tombstonesKept = settings.tombstonesKept();
        if (tombstonesKept != null) {
            config.put(TopicConfig.DELETE_RETENTION_MS_CONFIG, tombstonesKept.toString());
        }
        return compacted(name, null, config);
    }

    private static Map<String, String> endless() {
        return Map.of(
                TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                TopicConfig.RETENTION_MS_CONFIG, FOR_EVER,
                TopicConfig.RETENTION_BYTES_CONFIG, FOR_EVER);
    }

    private static TopicSpec compacted(String name, @Nullable Integer partitions, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(more);
        config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT);
        return new TopicSpec(name, partitions, config);
    }

    private static TopicSpec deleted(String name, @Nullable Integer partitions, Duration kept) {
        return new TopicSpec(
                name,
                partitions,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG, millis(kept),
                        TopicConfig.SEGMENT_MS_CONFIG, millis(kept.dividedBy(SEGMENTS_IN_RETENTION))));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
