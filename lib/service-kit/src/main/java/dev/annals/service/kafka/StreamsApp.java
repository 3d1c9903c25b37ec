package dev.annals.service.kafka;

import java.util.Map;
import java.util.function.BooleanSupplier;
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
 * @param stops failures that stay until a person does something, such as an event that can't be read: the application
 *     closes at once, tries again with ever longer pauses, and is not ready until they say that it is past
 * @param prepare is given each new client before it starts, for listeners that have no place in the configuration
 * @param essential whether the host is ready only when this application is; asked for each answer
 */
public record StreamsApp(
        String name,
        Supplier<Topology> topology,
        Map<String, Object> config,
        Stops stops,
        Consumer<KafkaStreams> prepare,
        BooleanSupplier essential) {

    public StreamsApp {
        config = Map.copyOf(config);
    }

    /** An application in which every failure may pass. */
    public static StreamsApp of(String name, Supplier<Topology> topology, Map<String, Object> config) {
        return new StreamsApp(name, topology, config, Stops.NONE, client -> {}, () -> true);
    }

    public StreamsApp stoppedBy(Stops what) {
        return new StreamsApp(name, topology, config, what, prepare, essential);
    }

    public StreamsApp prepared(Consumer<KafkaStreams> how) {
        return new StreamsApp(name, topology, config, stops, how, essential);
    }

    /** This application, without which the host is ready where the condition does not hold. */
    public StreamsApp essentialWhere(BooleanSupplier condition) {
        return new StreamsApp(name, topology, config, stops, prepare, condition);
    }
}
