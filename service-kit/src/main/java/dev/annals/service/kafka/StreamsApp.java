package dev.annals.service.kafka;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;

/**
 * One Kafka Streams application that a {@link StreamsHost} runs.
 *
 * @param name for logs, metrics and readiness; unique in the host
 * @param topology called for each (re)start, since a topology serves one client only
 * @param config see {@link StreamsDefaults}
 * @param stops failures that stay until a person does something, such as an event that can't be read: the application closes
 *     at once, tries again with ever longer pauses, and is not ready until they say that it is past
 * @param prepare is given each new client before it starts, for listeners that have no place in the configuration
 */
public record StreamsApp(
        String name,
        Supplier<Topology> topology,
        Map<String, Object> config,
        Stops stops,
        Consumer<KafkaStreams> prepare) {

    public StreamsApp {
        config = Map.copyOf(config);
    }

    /** An application in which every failure may pass. */
    public static StreamsApp of(String name, Supplier<Topology> topology, Map<String, Object> config) {
        return new StreamsApp(name, topology, config, Stops.NONE, client -> {});
    }

    /** This application, with failures that stop it. */
    public StreamsApp stoppedBy(Stops what) {
        return new StreamsApp(name, topology, config, what, prepare);
    }

    /** This application, with each new client prepared like this. */
    public StreamsApp prepared(Consumer<KafkaStreams> how) {
        return new StreamsApp(name, topology, config, stops, how);
    }
}
