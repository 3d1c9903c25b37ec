package dev.annals.service.kafka;

import dev.annals.service.ClusterRule;
import java.util.List;

/**
 * A rule that a cluster breaks.
 *
 * @param severe whether a service refuses to work with it; else it is a warning
 * @param topics that break it in the same way; empty where it is the cluster
 * @param text what is wrong, what comes of it, and what to do, in one line
 */
public record ClusterFinding(ClusterRule rule, boolean severe, List<String> topics, String text) {

    public ClusterFinding {
        topics = List.copyOf(topics);
    }
}
