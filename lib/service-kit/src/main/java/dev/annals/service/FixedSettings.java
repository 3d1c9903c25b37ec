package dev.annals.service;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/**
 * The {@code kafka.} settings on which our promises depend: an operator may say them, but nothing else in their place.
 */
public final class FixedSettings {

    /**
     * What Kafka Streams is told. Exactly once; and the only protocol whose metadata finds every key's host
     * (KAFKA-20782).
     */
    public static final Map<String, String> OF_STREAMS = Map.of(
            StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2,
            StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic",
            ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed",
            StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, "true");

    /** Nothing is called accepted before it is durable, and nothing is written twice. Kafka has these by default. */
    private static final Map<String, String> OF_PRODUCERS =
            Map.of(ProducerConfig.ACKS_CONFIG, "all", ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, "true");

    /** Kafka's own way to say the same. */
    private static final String ALL_ACKS = "-1";

    /** Before a key, they have it hold for some of the clients of Kafka Streams only, where it then wins. */
    private static final List<String> PREFIXES = List.of(
            "",
            StreamsConfig.producerPrefix(""),
            StreamsConfig.consumerPrefix(""),
            StreamsConfig.mainConsumerPrefix(""),
            StreamsConfig.restoreConsumerPrefix(""),
            StreamsConfig.globalConsumerPrefix(""));

    private FixedSettings() {}

    /** @throws StartupException if one of the settings contradicts a promise */
    static void require(Map<String, Object> kafka) {
        Stream.of(OF_STREAMS, OF_PRODUCERS).forEach(fixed -> fixed.forEach((key, value) -> require(kafka, key, value)));
        Object application = kafka.get(StreamsConfig.APPLICATION_ID_CONFIG);
        if (application != null) {
            throw new StartupException(
                    "kafka.%s=%s can't be had: each application has one of its own, which names its group and its topics; remove the setting"
                            .formatted(StreamsConfig.APPLICATION_ID_CONFIG, application));
        }
    }

    private static void require(Map<String, Object> kafka, String key, String value) {
        for (String prefix : PREFIXES) {
            Object asked = kafka.get(prefix + key);
            if (asked != null && !isSame(asked, value)) {
                throw new StartupException(
                        "kafka.%s=%s can't be had: it must be %s, since exactly-once and key routing depend on it; remove the setting"
                                .formatted(prefix + key, asked, value));
            }
        }
    }

    private static boolean isSame(Object asked, String value) {
        String text = asked.toString().strip().toLowerCase(Locale.ROOT);
        return text.equals(value) || (value.equals("all") && text.equals(ALL_ACKS));
    }
}
