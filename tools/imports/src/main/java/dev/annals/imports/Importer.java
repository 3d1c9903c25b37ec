package dev.annals.imports;

import dev.annals.api.AggregateType;
import dev.annals.engine.avro.AvroNames;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.imports.CommandSource.Outgoing;
import dev.annals.imports.CommandSource.Survey;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.kafka.KafkaAccess;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the commands of a source to their topic and follows the results until each command has its own.
 *
 * <p>Survives a broker, registry or service that dies and comes back within {@link KafkaAccess#DELIVERY_LIMIT_MS} and
 * {@link #patience}. Commands of one aggregate keep their order.
 *
 * @param patience how long to go on without any new result
 * @param maxInFlight the most commands without a result
 */
record Importer(KafkaAccess kafka, Duration patience, int maxInFlight) {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Enough to keep the service busy, few enough for the memory. */
    private static final int MAX_IN_FLIGHT = 20_000;

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    Importer(KafkaAccess kafka) {
        this(kafka, PATIENCE, MAX_IN_FLIGHT);
    }

    /**
     * What an import did.
     *
     * @param took from the first send to the last result
     */
    record Run(Survey survey, Tally tally, Duration took) {}

    /**
     * Imports everything.
     *
     * @param listener is told each result, in the order of arrival, on another thread; what it has written can be read
     *     after the return
     * @param progress in commands that have their result, on the listener's thread
     * @throws OperationFailedException if the input is malformed; nothing was sent
     * @throws ImportFailedException if a command can't be sent or results are missing; the message says what to do
     */
    <N> Run run(CommandSource<N> source, BiConsumer<N, CommandResult> listener, ProgressListener progress) {
        Survey survey = source.survey();
        InFlight<N> inFlight = new InFlight<>(maxInFlight, patience, System::nanoTime);
        Tally tally = new Tally();
        try (ResultFollower<N> follower = new ResultFollower<>(
                kafka,
                kafka.topics().results(source.aggregateType()),
                inFlight,
                new RegistryPatience(patience),
                (note, result) -> {
                    tally.add(result);
                    listener.accept(note, result);
                    progress.progress(source.name(), tally.results, survey.commands());
                })) {
            follower.start();
            return new Run(survey, tally, send(source, inFlight));
        }
    }

    /**
     * How long it took from the first send to the last result: making clients and looking up schemas is no part of it.
     */
    private <N> Duration send(CommandSource<N> source, InFlight<N> inFlight) {
        Producer<byte[], byte[]> producer = kafka.newProducer();
        boolean complete = false;
        try (Serializer<Object> serializer = kafka.serdes().newSerializer()) {
            Map<Class<?>, RecordBinding<?>> bindings = bindingsOf(source);
            source.forEach(command -> {
                GenericRecord payload = toAvro(bindings.get(command.payload().getClass()), command.payload());
                ProducerRecord<byte[], byte[]> record = record(source, command, payload, serializer);
                inFlight.enter(command.commandId(), command.note());
                try {
                    var unused = producer.send(record, (metadata, failure) -> {
                        if (failure != null) {
                            inFlight.fail(unsent(command.commandId(), failure));
                        }
                    });
                } catch (KafkaException e) {
                    throw unsent(command.commandId(), e);
                }
            });
            inFlight.awaitEmpty();
            Duration took = inFlight.elapsed();
            complete = true;
            return took;
        } finally {
            // After a failure nothing more may leave: a later command of an aggregate must not overtake a lost one.
            producer.close(complete ? CLOSE_LIMIT : Duration.ZERO);
        }
    }

    static Map<Class<?>, RecordBinding<?>> bindingsOf(CommandSource<?> source) {
        Map<Class<?>, RecordBinding<?>> bindings = new HashMap<>();
        for (Class<? extends Record> payload : source.payloads()) {
            String name = AvroNames.ofMessage(
                    AggregateType.DEFAULT_NAMESPACE, source.aggregateType(), payload.getSimpleName());
            bindings.put(payload, RecordBinding.of(name, payload));
        }
        return bindings;
    }

    private static <T extends Record> GenericRecord toAvro(@Nullable RecordBinding<T> binding, Record payload) {
        return Objects.requireNonNull(binding, "a payload that the source lists")
                .toAvro(binding.type().cast(payload));
    }

    private ProducerRecord<byte[], byte[]> record(
            CommandSource<?> source, Outgoing<?> command, GenericRecord payload, Serializer<Object> serializer) {
        String topic = kafka.topics().commands(source.aggregateType());
        byte[] value = new RegistryPatience(patience).on(() -> serializer.serialize(topic, payload));
        var record = new ProducerRecord<>(topic, command.aggregateId().getBytes(StandardCharsets.UTF_8), value);
        Headers headers = record.headers();
        HeaderName.SPEC_VERSION.put(headers, HeaderName.CLOUD_EVENTS_VERSION);
        HeaderName.ID.put(headers, command.commandId());
        HeaderName.TYPE.put(headers, payload.getSchema().getFullName());
        HeaderName.SOURCE.put(headers, "/annals/import/" + source.name());
        HeaderName.TIME.put(headers, command.time().toString());
        Long expected = command.expectedVersion();
        HeaderName.EXPECTED_VERSION.put(headers, expected == null ? null : expected.toString());
        return record;
    }

    private static ImportFailedException unsent(String commandId, Exception cause) {
        return new ImportFailedException(
                "the command %s can't be sent: %s. %s"
                        .formatted(commandId, cause.getMessage(), ImportFailedException.SAFE),
                cause);
    }
}
