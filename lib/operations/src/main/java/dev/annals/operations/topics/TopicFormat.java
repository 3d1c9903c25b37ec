package dev.annals.operations.topics;

import dev.annals.operations.topics.TopicPlan.PlannedTopic;
import dev.annals.service.kafka.TopicLines;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;

/** How topics are written down for whoever makes them. */
public enum TopicFormat {
    /** Lines for a shell, of Kafka's own tool. */
    KAFKA {
        @Override
        public String text(PlannedTopic topic, String target) {
            NewTopic made = new NewTopic(
                            topic.name(),
                            Optional.of(topic.partitions()),
                            Optional.ofNullable(topic.replicationFactor()).map(Integer::shortValue))
                    .configs(topic.config());
            return TopicLines.create(target, made);
        }
    },

    /** Resources of Strimzi's topic operator, for {@code kubectl apply}. */
    STRIMZI {
        @Override
        public String text(PlannedTopic topic, String target) {
            String config = topic.config().entrySet().stream()
                    .map(entry -> "    %s: \"%s\"\n".formatted(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining());
            return """
                    ---
                    apiVersion: kafka.strimzi.io/v1beta2
                    kind: KafkaTopic
                    metadata:
                      name: %s
                      labels:
                        strimzi.io/cluster: %s
                    spec:
                      topicName: %s
                      partitions: %d
                    %s  config:
                    %s""".formatted(
                    topic.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-"),
                    target,
                    topic.name(),
                    topic.partitions(),
                    topic.replicationFactor() == null ? "" : "  replicas: " + topic.replicationFactor() + "\n",
                    config).stripTrailing();
        }
    },

    /** Resources of the provider Mongey/kafka. */
    TERRAFORM {
        @Override
        public String text(PlannedTopic topic, String target) {
            String config = topic.config().entrySet().stream()
                    .map(entry -> "    \"%s\" = \"%s\"\n".formatted(entry.getKey(), entry.getValue()))
                    .collect(Collectors.joining());
            return """
                    resource "kafka_topic" "%s" {
                      name               = "%s"
                      partitions         = %d
                      replication_factor = %d
                      config = {
                    %s  }
                    }
                    """.formatted(
                            topic.name().replaceAll("[^A-Za-z0-9_-]", "_"),
                            topic.name(),
                            topic.partitions(),
                            topic.replicationFactor() == null ? -1 : topic.replicationFactor(),
                            config);
        }
    };

    /**
     * A topic in this format.
     *
     * @param target the brokers for {@link #KAFKA}, the cluster's name for {@link #STRIMZI}; else nothing
     */
    public abstract String text(PlannedTopic topic, String target);
}
