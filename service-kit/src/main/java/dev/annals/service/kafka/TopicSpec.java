package dev.annals.service.kafka;

import dev.annals.core.kafka.Topics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/**
 * A topic as the contract has it.
 *
 * @param config set when it is created; an operator may change it later
 */
public record TopicSpec(String name, Map<String, String> config) {

    private static final Duration COMMANDS_KEPT = Duration.ofDays(7);
    private static final Duration RESULTS_KEPT = Duration.ofDays(1);
    private static final Duration DEAD_LETTERS_KEPT = Duration.ofDays(30);

    /** Retention acts on closed segments, so they close well before it. */
    private static final int SEGMENTS_IN_RETENTION = 6;

    public TopicSpec {
        config = Map.copyOf(config);
    }

    /** Commands, events, results and dead letters of an aggregate type. */
    public static List<TopicSpec> ofAggregate(Topics topics, String type) {
        return List.of(
                deleted(topics.commands(type), COMMANDS_KEPT),
                events(topics.events(type)),
                deleted(topics.results(type), RESULTS_KEPT),
                deleted(topics.deadLetters(type), DEAD_LETTERS_KEPT));
    }

    public static TopicSpec view(Topics topics, String name, int version) {
        return new TopicSpec(
                topics.view(name, version),
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Integer.toString(128 << 20)));
    }

    /**
     * No key repeats, so the cleaner reclaims nothing but erased events, and a pass rewrites all it has seen: let it be rare.
     */
    private static TopicSpec events(String name) {
        return new TopicSpec(
                name,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
                        "0.9",
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                        millis(Duration.ofDays(1)),
                        TopicConfig.SEGMENT_BYTES_CONFIG,
                        Integer.toString(1 << 30)));
    }

    private static TopicSpec deleted(String name, Duration kept) {
        return new TopicSpec(
                name,
                Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG, millis(kept),
                        TopicConfig.SEGMENT_MS_CONFIG, millis(kept.dividedBy(SEGMENTS_IN_RETENTION))));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }
}
