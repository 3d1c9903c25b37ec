package dev.annals.imports;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.time.Duration;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * Follows a results topic from the end that it has when the follower is made, and settles the commands in flight.
 *
 * <p>Runs a thread of its own from {@link #start} to {@link #close}; the listener is called on it.
 */
final class ResultFollower<N> implements AutoCloseable {

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final PartitionReader results;
    private final Deserializer<Object> deserializer;
    private final ResultReader reader;
    private final InFlight<N> inFlight;
    private final RegistryPatience patience;
    private final BiConsumer<N, CommandResult> listener;
    private final Thread thread = new Thread(this::run, "annals-results");
    private volatile boolean closing;

    /**
     * Takes its place at the end of the topic.
     *
     * @throws OperationFailedException if the broker does not answer or has no such topic
     */
    ResultFollower(
            KafkaAccess kafka,
            String topic,
            InFlight<N> inFlight,
            RegistryPatience patience,
            BiConsumer<N, CommandResult> listener) {
        this.inFlight = inFlight;
        this.patience = patience;
        this.listener = listener;
        this.deserializer = kafka.serdes().newDeserializer();
        this.reader = new ResultReader(deserializer);
        this.results = new PartitionReader(kafka, List.of(topic));
        results.seek(results.ends());
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try {
            while (!closing) {
                results.poll().forEach(this::settle);
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
            results.close();
            deserializer.close();
        }
    }

    /** Most results of a busy installation belong to others: those are not decoded. */
    private void settle(ConsumerRecord<byte[], byte[]> record) {
        String commandId = HeaderName.CAUSATION_ID.in(record.headers());
        if (commandId == null || !inFlight.contains(commandId)) {
            return;
        }
        CommandResult result = patience.on(() -> reader.read(record.topic(), record.headers(), record.value()));
        inFlight.leave(commandId, note -> listener.accept(note, result));
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
