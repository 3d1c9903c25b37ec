package dev.annals.projector.generations;

import dev.annals.engine.avro.SampleRecords;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.service.Readiness;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Subjects of topics that have one schema: {@code <topic>-value}, as Confluent's {@code TopicNameStrategy} has it. What
 * reads a topic of rows by its name, Connect and ksqlDB among it, finds the schema there. The serializer of rows
 * registers under topic and record, as for events. For one thread, except {@link #reasonsAgainst}.
 */
final class RowSchemas implements Readiness, AutoCloseable {

    private static final String AUTO_REGISTER = "auto.register.schemas";
    private static final String STRATEGY = "value.subject.name.strategy";

    /** Ours goes by this name too. */
    private static final String BY_TOPIC = "io.confluent.kafka.serializers.subject.TopicNameStrategy";

    /** Between two tries. */
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(RowSchemas.class);

    private final Topics topics;
    private final boolean registers;
    private final Serializer<Object> serializer;
    private final Set<ViewId> known = new HashSet<>();
    private final Map<ViewId, Failure> failures = new ConcurrentHashMap<>();

    /**
     * @param ofAll whether it would be the same for any other schema: a registry that is away takes seconds to say so
     */
    private record Failure(String reason, boolean ofAll, long atNanos) {

        boolean isRecent() {
            return System.nanoTime() - atNanos < PAUSE.toNanos();
        }
    }

    RowSchemas(Topics topics, AvroSerdes serdes) {
        this.topics = topics;
        this.registers = registers(serdes);
        this.serializer = serdes.with(STRATEGY, BY_TOPIC).newSerializer();
    }

    private static boolean registers(AvroSerdes serdes) {
        Object setting = serdes.configuration().getOrDefault(AUTO_REGISTER, true);
        return Boolean.parseBoolean(setting.toString().trim());
    }

    /**
     * Registers the schema of a generation's rows, unless it is known to be there or registering is somebody else's.
     *
     * @return whether the first row may be written; if not, {@link #reasonsAgainst} says why, and the next call tries
     *     again
     */
    boolean ensure(ViewId generation, Schema rows) {
        if (known.contains(generation)) {
            return true;
        }
        if (isPausing(generation)) {
            return false;
        }
        String topic = topics.view(generation.name(), generation.generation());
        try {
            if (registers) {
                serializer.serialize(topic, SampleRecords.of(rows));
            } else {
                LOG.atInfo()
                        .addKeyValue("subject", topic + "-value")
                        .log(
                                "not registered, since {} is false; Connect and ksqlDB look for the rows' schema there",
                                AUTO_REGISTER);
            }
        } catch (RuntimeException e) { // whatever a serializer throws: readiness must say why
            failed(generation, topic, e);
            return false;
        }
        known.add(generation);
        failures.remove(generation);
        return true;
    }

    private boolean isPausing(ViewId generation) {
        return failures.entrySet().stream()
                .anyMatch(each -> each.getValue().isRecent()
                        && (each.getValue().ofAll() || each.getKey().equals(generation)));
    }

    private void failed(ViewId generation, String topic, RuntimeException e) {
        String reason = "%s: waits until the schema of its rows is registered under %s-value: %s"
                .formatted(generation, topic, RegistryFailures.describe(e));
        Failure before = failures.put(generation, new Failure(reason, RegistryFailures.mayPass(e), System.nanoTime()));
        if (before == null || !before.reason().equals(reason)) {
            LOG.atWarn()
                    .addKeyValue("view", generation)
                    .addKeyValue("reason", reason)
                    .log("not begun yet");
        }
    }

    /** Forgets why others are not begun. */
    void keep(Collection<Generation> wanted) {
        failures.keySet().retainAll(wanted.stream().map(Generation::view).collect(Collectors.toSet()));
    }

    @Override
    public List<String> reasonsAgainst() {
        return failures.values().stream().map(Failure::reason).sorted().toList();
    }

    @Override
    public void close() {
        serializer.close();
    }
}
