package dev.annals.checker.workload;

import dev.annals.checker.history.Answer;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.checker.history.LoggedResult;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.SampleRecords;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.service.ServiceConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Commands over their topics, with one producer, and their results read from the results topics, committed. */
final class TopicChannel implements AutoCloseable {

    /** Then the client goes on; the command may still be written, and decided. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(6);

    private static final int REQUEST_LIMIT_MILLIS = 5_000;

    /** After this a command counts as perhaps not written. */
    private static final int DELIVERY_LIMIT_MILLIS = 10_000;

    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration POLL = Duration.ofMillis(100);

    private final ServiceConfig config;
    private final KafkaClients clients;
    private final Collection<String> types;
    private final @Nullable Principal principal;
    private final Producer<byte[], byte[]> producer;
    private final Serializer<Object> serializer;
    private final Map<String, CompletableFuture<LoggedResult>> awaited = new ConcurrentHashMap<>();
    private final CountDownLatch following = new CountDownLatch(1);
    private final Thread follower = Thread.ofPlatform().name("checker-results").unstarted(this::follow);
    private volatile boolean closing;
    private volatile @Nullable RuntimeException failure;

    /** @param principal whom records name, so that ids mean the same as over HTTP; null where nobody is known */
    TopicChannel(ServiceConfig config, Collection<String> types, @Nullable Principal principal) {
        this.config = config;
        this.principal = principal;
        this.clients = new KafkaClients(config.kafka(), START_LIMIT);
        this.types = List.copyOf(types);
        this.producer = clients.producer(Map.of(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, REQUEST_LIMIT_MILLIS,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_LIMIT_MILLIS,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_LIMIT_MILLIS));
        this.serializer = config.values().newSerializer();
    }

    /**
     * Returns when results that come from now on will be seen, and all schemas are known: a registry that goes away, or
     * comes back empty, is for the services to meet, not for clients.
     *
     * @param bindings of the types
     */
    void start(Collection<AggregateBinding<?, ?, ?>> bindings) throws InterruptedException {
        for (AggregateBinding<?, ?, ?> binding : bindings) {
            String commands = config.topics().commands(binding.type().name());
            binding.commandSchemas().forEach(schema -> serializer.serialize(commands, SampleRecords.of(schema)));
        }
        follower.start();
        if (!following.await(START_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the results topics could not be read within " + START_LIMIT);
        }
    }

    /** Waits for the answer, within a limit. Thread-safe. */
    Call send(Request request) throws InterruptedException {
        long invoked = System.nanoTime();
        AtomicBoolean written = new AtomicBoolean();
        CompletableFuture<LoggedResult> result = new CompletableFuture<>();
        awaited.put(request.trace(), result);
        try {
            var unused = producer.send(record(request), (metadata, failure) -> {
                written.set(failure == null);
                if (failure != null) {
                    result.completeExceptionally(failure);
                }
            });
            Answer answer = Decided.of(
                    result.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS).result());
            return request.answered(Call.TOPIC, invoked, answer, true);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            return request.answered(Call.TOPIC, invoked, new Answer.Unknown(e.toString()), written.get());
        } finally {
            awaited.remove(request.trace());
        }
    }

    /**
     * Returns when each command that was sent is written, or given up: after {@link #DELIVERY_LIMIT_MILLIS} at most.
     */
    void flush() {
        producer.flush();
    }

    private ProducerRecord<byte[], byte[]> record(Request request) {
        String topic = config.topics().commands(request.aggregate().type());
        Headers headers = new RecordHeaders();
        HeaderName.SPEC_VERSION.put(headers, HeaderName.CLOUD_EVENTS_VERSION);
        HeaderName.ID.put(headers, request.commandId());
        HeaderName.TYPE.put(headers, request.avro().getSchema().getFullName());
        HeaderName.SOURCE.put(headers, "/history-checker");
        HeaderName.TRACE_PARENT.put(headers, request.trace());
        if (request.expectedVersion() != null) {
            HeaderName.EXPECTED_VERSION.put(headers, Long.toString(request.expectedVersion()));
        }
        if (principal != null) {
            HeaderName.AUTH_ID.put(headers, principal.authId());
            HeaderName.AUTH_TYPE.put(headers, "app_user");
        }
        byte[] key = request.aggregate().id().getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(topic, null, key, serializer.serialize(topic, headers, request.avro()), headers);
    }

    private void follow() {
        try (Consumer<byte[], byte[]> consumer = clients.consumer(Map.of());
                Deserializer<Object> deserializer = config.values().newDeserializer()) {
            List<TopicPartition> partitions = new ArrayList<>();
            types.forEach(type -> consumer.partitionsFor(config.topics().results(type))
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition()))));
            consumer.assign(partitions);
            consumer.seekToEnd(partitions);
            partitions.forEach(consumer::position);
            for (String type : types) {
                String results = config.topics().results(type);
                var sample = serializer.serialize(results, SampleRecords.of(CommandResult.SCHEMA));
                var unused = deserializer.deserialize(results, sample);
            }
            following.countDown();
            while (!closing) {
                consumer.poll(POLL).forEach(record -> take(record, deserializer));
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    /** Why results are no longer followed, or null. */
    @Nullable
    RuntimeException failure() {
        return failure;
    }

    private void take(ConsumerRecord<byte[], byte[]> record, Deserializer<Object> deserializer) {
        String trace = HeaderName.TRACE_PARENT.in(record.headers());
        CompletableFuture<LoggedResult> waiting = trace == null ? null : awaited.get(trace);
        if (waiting != null) {
            waiting.complete(LoggedResult.of(record, deserializer));
        }
    }

    @Override
    public void close() {
        closing = true;
        try {
            follower.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(CLOSE_LIMIT);
        serializer.close();
    }
}
