package dev.annals.imports;

import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.operations.kafka.KafkaAccess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Answers commands as the command service does, without deciding anything: a command whose id was seen is replayed, one
 * of the aggregate {@value #REJECTED} is rejected, one of {@value #IGNORED} gets no result.
 */
final class Responder {

    static final String REJECTED = "666";
    static final String IGNORED = "404";

    private static final Duration POLL = Duration.ofMillis(50);

    private final KafkaAccess kafka;
    private final String type;
    private final Consumer<byte[], byte[]> commands;
    private final Map<String, Long> seen = new HashMap<>();
    private final Map<String, Long> versions = new HashMap<>();
    private final Thread thread = new Thread(this::run, "responder");
    private volatile boolean closing;

    Responder(KafkaAccess kafka, String type) {
        this.kafka = kafka;
        this.type = type;
        this.commands = kafka.newConsumer();
        List<TopicPartition> partitions = commands.partitionsFor(kafka.topics().commands(type)).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        commands.assign(partitions);
        commands.seekToBeginning(partitions);
        thread.start();
    }

    private void run() {
        RecordBinding<CommandResult> binding = CommandResult.binding();
        try (Producer<byte[], byte[]> results = kafka.newProducer();
                Serializer<Object> serializer = kafka.serdes().newSerializer()) {
            while (!closing) {
                for (ConsumerRecord<byte[], byte[]> command : commands.poll(POLL)) {
                    CommandResult result = decide(command);
                    if (result.aggregateId().equals(IGNORED)) {
                        continue;
                    }
                    String topic = kafka.topics().results(type);
                    var record = new ProducerRecord<>(
                            topic, command.key(), serializer.serialize(topic, binding.toAvro(result)));
                    HeaderName.CAUSATION_ID.put(record.headers(), result.commandId());
                    var unused = results.send(record);
                }
            }
        } finally {
            commands.close();
        }
    }

    private CommandResult decide(ConsumerRecord<byte[], byte[]> command) {
        String aggregateId = new String(command.key(), StandardCharsets.UTF_8);
        String id = Objects.requireNonNull(HeaderName.ID.in(command.headers()));
        Long first = seen.get(id);
        boolean rejected = aggregateId.equals(REJECTED);
        long version = first != null ? first : rejected ? 0 : versions.merge(aggregateId, 1L, Long::sum);
        seen.put(id, version);
        return new CommandResult(
                id,
                "Any",
                type,
                aggregateId,
                rejected ? Outcome.REJECTED : Outcome.ACCEPTED,
                version,
                rejected ? List.of() : List.of(new AppendedEvent("Any", version)),
                rejected ? "invalid-quantity" : null,
                rejected ? "no" : null,
                first != null,
                Instant.EPOCH,
                null);
    }

    void stop() throws InterruptedException {
        closing = true;
        thread.join();
    }
}
