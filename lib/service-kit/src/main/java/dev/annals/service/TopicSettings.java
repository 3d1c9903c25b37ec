package dev.annals.service;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the topics of an installation are made, and what of a cluster is put up with.
 *
 * @param partitions of topics that are created; existing ones keep theirs
 * @param replicationFactor of topics that are created; -1 for the brokers' default
 * @param minInsyncReplicas of topics that are created; 0 for the brokers' default
 * @param tombstonesKept how long event topics that are created keep the tombstones of erased events
 *     ({@code delete.retention.ms}), in milliseconds; null to leave it to the brokers
 * @param uncompacted aggregate types and processes whose events or journal are in a topic without compaction, for ever,
 *     as tiered storage needs it: nothing in it can be erased
 * @param create whether services may make topics; else an operator does, and they say which are missing
 * @param accepted rules that the cluster may break: a warning, instead of a service that does not start
 */
public record TopicSettings(
        int partitions,
        int replicationFactor,
        int minInsyncReplicas,
        @Nullable Long tombstonesKept,
        Set<String> uncompacted,
        boolean create,
        Set<ClusterRule> accepted) {

    public static final String PARTITIONS = "annals.topics.partitions";
    public static final String REPLICATION_FACTOR = "annals.topics.replication.factor";
    public static final String MIN_INSYNC_REPLICAS = "annals.topics.min.insync.replicas";
    public static final String TOMBSTONES_KEPT = "annals.topics.delete.retention.ms";
    public static final String UNCOMPACTED = "annals.topics.uncompacted";
    public static final String CREATE = "annals.topics.create";
    public static final String ACCEPTED = "annals.cluster.accept";

    private static final int MAX_PARTITIONS = 10_000;
    private static final int MAX_REPLICAS = 100;
    private static final String NONE = "none";

    /** A hundred years: the cleaner adds it to the time, so the largest number would be none. */
    private static final long LONGEST_KEPT = Duration.ofDays(36_500).toMillis();

    /** Without any setting. */
    public static final TopicSettings DEFAULTS = new TopicSettings(4, -1, 0, LONGEST_KEPT, Set.of(), true, Set.of());

    public TopicSettings {
        if (replicationFactor == 0) {
            throw new StartupException(REPLICATION_FACTOR + "=0: expected 1 or more, or -1 for the brokers' default");
        }
        if (replicationFactor > 0 && minInsyncReplicas > replicationFactor) {
            throw new StartupException("%s=%d: expected at most %d, the value of %s; nothing could be written"
                    .formatted(MIN_INSYNC_REPLICAS, minInsyncReplicas, replicationFactor, REPLICATION_FACTOR));
        }
        uncompacted = Set.copyOf(uncompacted);
        accepted = Set.copyOf(accepted);
    }

    /** @throws StartupException if one is wrong; the message names its key */
    public static TopicSettings of(Settings settings) {
        return new TopicSettings(
                settings.integer(PARTITIONS, DEFAULTS.partitions, 1, MAX_PARTITIONS),
                settings.integer(REPLICATION_FACTOR, DEFAULTS.replicationFactor, -1, MAX_REPLICAS),
                settings.integer(MIN_INSYNC_REPLICAS, DEFAULTS.minInsyncReplicas, 0, MAX_REPLICAS),
                tombstonesKept(settings.text(TOMBSTONES_KEPT, Long.toString(LONGEST_KEPT))),
                settings.list(UNCOMPACTED),
                settings.flag(CREATE, DEFAULTS.create),
                ClusterRule.accepted(settings.list(ACCEPTED)));
    }

    public TopicSettings withPartitions(int otherPartitions) {
        return new TopicSettings(
                otherPartitions, replicationFactor, minInsyncReplicas, tombstonesKept, uncompacted, create, accepted);
    }

    /** The same, where services may make no topics. */
    public TopicSettings withoutCreation() {
        return new TopicSettings(
                partitions, replicationFactor, minInsyncReplicas, tombstonesKept, uncompacted, false, accepted);
    }

    private static @Nullable Long tombstonesKept(String text) {
        if (text.equals(NONE)) {
            return null;
        }
        try {
            long millis = Long.parseLong(text);
            if (millis >= 0 && millis <= LONGEST_KEPT) {
                return millis;
            }
        } catch (NumberFormatException e) {
            // refused below, together with numbers out of range
        }
        throw new StartupException("%s=%s: expected milliseconds from 0 to %d, or %s to leave it to the brokers"
                .formatted(TOMBSTONES_KEPT, text, LONGEST_KEPT, NONE));
    }
}
