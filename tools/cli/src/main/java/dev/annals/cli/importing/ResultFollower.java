package dev.annals.cli.importing;

import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.HeaderName;
import java.time.Duration;
import java.util.List;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Follows a results topic from the end that it has when the follower is made, and settles the commands in flight.
 *
 * <p>Runs a thread of its own from {@link #start} to {@link #close}; the listener is called on it.
 */
final class ResultFollower<N> implements AutoCloseable {

    static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Deserializer<Object> deserializer;
    private final InFlight<N> inFlight;
    private final RegistryPatience patience;
    private final java.util.function.Consumer<Settled<N>> listener;
    private final RecordBinding<CommandResult> binding = CommandResult.binding();
    private final Thread thread = new Thread(this::run, "annals-results");
    private volatile boolean closing;

    /**
     * Takes its place at the end of the topic.
     *
     * @throws ImportFailedException if the broker does not answer or has no such topic
     */
    ResultFollower(
            KafkaAccess kafka,
            String topic,
            InFlight<N> inFlight,
            RegistryPatience patience,
            java.util.function.Consumer<Settled<N>> listener) {
        this.inFlight = inFlight;
        this.patience = patience;
        this.listener = listener;
        this.deserializer = kafka.serdes().newDeserializer();
        this.consumer = kafka.newConsumer();
        try {
            List<TopicPartition> partitions = partitions(topic);
            consumer.assign(partitions);
            consumer.endOffsets(partitions, ANSWER_LIMIT).forEach(consumer::seek);
        } catch (KafkaException | ImportFailedException e) {
            consumer.close();
            throw refusal(kafka, e);
        }
    }

    private List<TopicPartition> partitions(String topic) {
        var infos = consumer.partitionsFor(topic, ANSWER_LIMIT);
        if (infos == null || infos.isEmpty()) {
            throw new ImportFailedException(
                    "there is no topic %s: the command service makes it when it starts (another --topics-prefix?)"
                            .formatted(topic));
        }
        return infos.stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
    }

    private static ImportFailedException refusal(KafkaAccess kafka, RuntimeException e) {
        return switch (e) {
            case ImportFailedException refusal -> refusal;
            case TimeoutException timeout ->
                new ImportFailedException(
                        "no broker answers at %s within %d s: does it run, and is the address right?"
                                .formatted(kafka.bootstrapServers(), ANSWER_LIMIT.toSeconds()),
                        timeout);
            default ->
                new ImportFailedException(
                        "the broker at %s: %s".formatted(kafka.bootstrapServers(), e.getMessage()), e);
        };
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!closing) {
                consumer.poll(POLL).forEach(this::settle);
            }
        } catch (RuntimeException e) {
            inFlight.fail(
                    e instanceof ImportFailedException known
                            ? known
                            : new ImportFailedException(
                                    "the results can't be followed: %s. %s"
                                            .formatted(e.getMessage(), ImportFailedException.SAFE),
                                    e));
        } finally {
            consumer.close();
            deserializer.close();
        }
    }

    /** Most results of a busy installation belong to others: those are not decoded. */
    private void settle(ConsumerRecord<byte[], byte[]> record) {
        String commandId = HeaderName.CAUSATION_ID.in(record.headers());
        if (commandId == null || !inFlight.contains(commandId)) {
            return;
        }
        CommandResult result = decode(record);
        if (result != null) {
            inFlight.leave(commandId, note -> listener.accept(new Settled<>(note, result)));
        }
    }

    private @Nullable CommandResult decode(ConsumerRecord<byte[], byte[]> record) {
        Object value = patience.on(() -> deserializer.deserialize(record.topic(), record.headers(), record.value()));
        return value instanceof IndexedRecord avro ? binding.fromAvro(avro) : null;
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
