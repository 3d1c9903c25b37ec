package dev.annals.service.kafka;

/** Lines of Kafka's own tools, for an operator to run. */
public final class TopicLines {

    private TopicLines() {}

    /** Sets one setting of a topic. */
    public static String alter(String servers, String topic, String key, String value) {
        return "kafka-configs.sh --bootstrap-server %s --alter --entity-type topics --entity-name %s --add-config %s=%s"
                .formatted(servers, topic, key, value);
    }
}
