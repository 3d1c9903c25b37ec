package dev.annals.service.kafka;

import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;

/**
 * One Kafka Streams application that a {@link StreamsHost} runs.
 *
 * @param name for logs, metrics and readiness; unique in the host
 * @param topology called for each (re)start, since a topology serves one client only
 * @param config see {@link StreamsDefaults}
 * @param hopeless failures that no restart can cure, such as an event that can't be read: the application stops at once and
 *     stays stopped until the process is started again. It sees the failure as it was thrown; the cause may be deeper
 * @param prepare is given each new client before it starts, for listeners that have no place in the configuration
 */
public record StreamsApp(
        String name,
        Supplier<Topology> topology,
        Map<String, Object> config,
        Predicate<Throwable> hopeless,
        Consumer<KafkaStreams> prepare) {

    public StreamsApp {
        config = Map.copyOf(config);
    }

    /** An application in which every failure may pass. */
    public static StreamsApp of(String name, Supplier<Topology> topology, Map<String, Object> config) {
        return new StreamsApp(name, topology, config, failure -> false, client -> {});
    }

    /** This application, with failures of a type, at any depth, taken for hopeless. */
    public StreamsApp hopelessOn(Class<? extends Throwable> type) {
        return new StreamsApp(
                name, topology, config, failure -> hopeless.test(failure) || hasCause(failure, type), prepare);
    }

    /** This application, with each new client prepared like this. */
    public StreamsApp prepared(Consumer<KafkaStreams> how) {
        return new StreamsApp(name, topology, config, hopeless, how);
    }

    private static boolean hasCause(Throwable failure, Class<? extends Throwable> type) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (type.isInstance(each)) {
                return true;
            }
        }
        return false;
    }
}
