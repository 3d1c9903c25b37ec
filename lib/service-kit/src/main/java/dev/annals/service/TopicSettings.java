package dev.annals.service;

import java.util.Set;

/**
 * How the topics of an installation are made, and what of a cluster is put up with.
 *
 * @param partitions of topics that are created; existing ones keep theirs
 * @param replicationFactor of topics that are created; -1 for the brokers' default
 * @param minInsyncReplicas of topics that are created; 0 for the brokers' default
 * @param accepted rules that the cluster may break: a warning, instead of a service that does not start
 */
public record TopicSettings(int partitions, int replicationFactor, int minInsyncReplicas, Set<ClusterRule> accepted) {

    public static final String PARTITIONS = "annals.topics.partitions";
    public static final String REPLICATION_FACTOR = "annals.topics.replication.factor";
    public static final String MIN_INSYNC_REPLICAS = "annals.topics.min.insync.replicas";
    public static final String ACCEPTED = "annals.cluster.accept";

    private static final int MAX_PARTITIONS = 10_000;
    private static final int MAX_REPLICAS = 100;

    public TopicSettings {
        if (replicationFactor == 0) {
            throw new StartupException(REPLICATION_FACTOR + "=0: expected 1 or more, or -1 for the brokers' default");
        }
        if (replicationFactor > 0 && minInsyncReplicas > replicationFactor) {
            throw new StartupException("%s=%d: expected at most %d, the value of %s; nothing could be written"
                    .formatted(MIN_INSYNC_REPLICAS, minInsyncReplicas, replicationFactor, REPLICATION_FACTOR));
        }
        accepted = Set.copyOf(accepted);
    }

    /** @throws StartupException if one is wrong; the message names its key */
    static TopicSettings of(Settings settings) {
        return new TopicSettings(
                settings.integer(PARTITIONS, 4, 1, MAX_PARTITIONS),
                settings.integer(REPLICATION_FACTOR, -1, -1, MAX_REPLICAS),
                settings.integer(MIN_INSYNC_REPLICAS, 0, 0, MAX_REPLICAS),
                ClusterRule.accepted(settings.list(ACCEPTED)));
    }
}
