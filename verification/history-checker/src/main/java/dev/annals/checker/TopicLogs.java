package dev.annals.checker;

import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Call;
import dev.annals.checker.history.LoggedEvent;
import dev.annals.checker.history.LoggedResult;
import dev.annals.checker.history.LoggedStep;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.reacting.ProcessCommandId;
import dev.annals.service.ServiceConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads whole topics, as a plain consumer with {@code read_committed} sees them. */
final class TopicLogs {

    /** Longer than a transaction can be open: 10 s, Kafka Streams' own timeout. */
    private static final Duration READ_LIMIT = Duration.ofSeconds(60);

    private static final Duration POLL = Duration.ofMillis(100);

    /** How the source of what a process sends begins. */
    private static final String PROCESSES = "/annals/processes/";

    private final ServiceConfig config;
    private final Collection<AggregateBinding<?, ?, ?>> bindings;
    private final Collection<String> prefixesOfOthers;

    /** @param prefixesOfOthers of ids of aggregates that are left out, since somebody else sends commands to them */
    TopicLogs(
            ServiceConfig config, Collection<AggregateBinding<?, ?, ?>> bindings, Collection<String> prefixesOfOthers) {
        this.config = config;
        this.bindings = List.copyOf(bindings);
        this.prefixesOfOthers = List.copyOf(prefixesOfOthers);
    }

    /**
     * All events, each partition in its order.
     *
     * @throws TimeoutException if the end of a topic is not reached, since a transaction in it stays open
     */
    List<LoggedEvent> events() throws TimeoutException {
        List<LoggedEvent> events = new ArrayList<>();
        try (Deserializer<Object> deserializer = config.values().newDeserializer()) {
            for (AggregateBinding<?, ?, ?> binding : bindings) {
                String type = binding.type().name();
                for (ConsumerRecord<byte[], byte[]> record :
                        committed(config.topics().events(type))) {
                    var avro =
                            (IndexedRecord) deserializer.deserialize(record.topic(), record.headers(), record.value());
                    events.add(new LoggedEvent(
                            type,
                            new String(record.key(), StandardCharsets.UTF_8),
                            text(record.headers()),
                            binding.events(avro).getFirst(), // written in this run, so one of today's
                            record.partition(),
                            record.offset()));
                }
            }
        }
        return events;
    }

    /**
     * What processes have sent, each partition in its order.
     *
     * @throws TimeoutException as {@link #events}
     */
    List<Call> commandsOfProcesses() throws TimeoutException {
        List<Call> commands = new ArrayList<>();
        try (Deserializer<Object> deserializer = config.values().newDeserializer()) {
            for (AggregateBinding<?, ?, ?> binding : bindings) {
                String type = binding.type().name();
                for (ConsumerRecord<byte[], byte[]> record :
                        committed(config.topics().commands(type))) {
                    Headers headers = record.headers();
                    String expected = HeaderName.EXPECTED_VERSION.in(headers);
                    if (String.valueOf(HeaderName.SOURCE.in(headers)).startsWith(PROCESSES)) {
                        commands.add(Call.ofProcess(
                                new RecordPlace(record.topic(), record.partition(), record.offset()).toString(),
                                new AggregateRef(type, new String(record.key(), StandardCharsets.UTF_8)),
                                String.valueOf(HeaderName.ID.in(headers)),
                                binding.command((IndexedRecord)
                                        deserializer.deserialize(record.topic(), headers, record.value())),
                                expected == null ? null : Long.valueOf(expected)));
                    }
                }
            }
        }
        return commands;
    }

    /**
     * The journal of a process, each partition in its order.
     *
     * @throws TimeoutException as {@link #events}
     */
    List<LoggedStep> journal(String process) throws TimeoutException {
        List<LoggedStep> steps = new ArrayList<>();
        try (Deserializer<Object> deserializer = config.values().newDeserializer()) {
            for (ConsumerRecord<byte[], byte[]> record :
                    committed(config.topics().journal(process))) {
                var entry = (GenericRecord) deserializer.deserialize(record.topic(), record.headers(), record.value());
                steps.add(step(process, new String(record.key(), StandardCharsets.UTF_8), entry));
            }
        }
        return steps;
    }

    private static LoggedStep step(String process, String key, GenericRecord entry) {
        String instance = EventKey.parse(key).aggregateId();
        List<String> sent = new ArrayList<>();
        boolean ended = false;
        for (Object each : (List<?>) entry.get("effects")) {
            GenericRecord effect = (GenericRecord) each;
            switch (effect.getSchema().getName()) {
                case "Send" ->
                    sent.add(new ProcessCommandId(process, instance, (long) effect.get("number")).toString());
                case "End" -> ended = true;
                default -> {} // timers
            }
        }
        Object failure = entry.get("failure");
        return new LoggedStep(process, key, sent, ended, failure == null ? null : failure.toString(), entry.toString());
    }

    /**
     * All results, each partition in its order.
     *
     * @param ofProcesses the calls whose results have their places for traces
     * @throws TimeoutException as {@link #events}
     */
    List<LoggedResult> results(Collection<Call> ofProcesses) throws TimeoutException {
        Set<String> places = ofProcesses.stream().map(Call::trace).collect(Collectors.toSet());
        List<LoggedResult> results = new ArrayList<>();
        try (Deserializer<Object> deserializer = config.values().newDeserializer()) {
            for (AggregateBinding<?, ?, ?> binding : bindings) {
                committed(config.topics().results(binding.type().name())).forEach(record -> {
                    String place = HeaderName.ID.in(record.headers());
                    LoggedResult result = LoggedResult.of(record, deserializer);
                    results.add(place != null && places.contains(place) ? result.traced(place) : result);
                });
            }
        }
        return results;
    }

    private static Map<String, String> text(Headers headers) {
        Map<String, String> text = new HashMap<>();
        headers.forEach(header -> text.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return text;
    }

    private List<ConsumerRecord<byte[], byte[]>> committed(String topic) throws TimeoutException {
        KafkaClients clients = new KafkaClients(config.kafka(), READ_LIMIT);
        try (Consumer<byte[], byte[]> consumer = clients.consumer(Map.of());
                Consumer<byte[], byte[]> uncommitted =
                        clients.consumer(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted"))) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            // Open transactions included: a committed reader gets there only when all have ended.
            uncommitted.assign(partitions); // else it warns of each that it is asked about
            Map<TopicPartition, Long> ends = uncommitted.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            long deadline = System.nanoTime() + READ_LIMIT.toNanos();
            // By position and not by count: transaction markers leave gaps.
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("%s could not be read to its end %s within %d s: a transaction is open"
                            .formatted(topic, ends, READ_LIMIT.toSeconds()));
                }
                consumer.poll(POLL).forEach(records::add);
            }
            records.removeIf(this::isOfOthers);
            return records;
        }
    }

    /** Keys of all topics begin with the id of the aggregate. */
    private boolean isOfOthers(ConsumerRecord<byte[], byte[]> record) {
        String key = new String(record.key(), StandardCharsets.UTF_8);
        return prefixesOfOthers.stream().anyMatch(key::startsWith);
    }
}
