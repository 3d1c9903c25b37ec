package dev.annals.service.kafka;

import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;

/** Lines of Kafka's own tools, for an operator to run. */
public final class TopicLines {

    private TopicLines() {}

    /**
     * Makes a topic, unless it is there.
     *
     * @param topic with -1 replicas for the brokers' default
     */
    public static String create(String servers, NewTopic topic) {
        StringBuilder line = new StringBuilder(
                "kafka-topics.sh --bootstrap-server %s --create --if-not-exists --topic %s --partitions %d"
                        .formatted(servers, topic.name(), topic.numPartitions()));
        if (topic.replicationFactor() > 0) {
            line.append(" --replication-factor ").append(topic.replicationFactor());
        }
        Map<String, String> config = new TreeMap<>(topic.configs());
        config.forEach((key, value) ->
                line.append(" --config ").append(key).append('=').append(value));
        return line.toString();
    }

    /** Sets one setting of a topic. */
    public static String alter(String servers, String topic, String key, String value) {
        return "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s"
                .formatted(servers, topic, key, value);
    }
}
