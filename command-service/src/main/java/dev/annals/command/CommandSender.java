package dev.annals.command;

import dev.annals.command.PendingCommands.PendingCommand;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.CloudEventHeaders;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.Topics;
import dev.annals.lanes.CommandMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Writes commands to their topics. Waiting for Kafka is bounded by {@link #DELIVERY_LIMIT}. Thread-safe. */
final class CommandSender implements AutoCloseable {

    /**
     * After this without Kafka, a command counts as not sent. It may still have arrived: repeat it under the same id.
     */
    static final Duration DELIVERY_LIMIT = Duration.ofSeconds(8);

    private static final Duration BLOCKING_LIMIT = Duration.ofSeconds(3);
    private static final Duration REQUEST_LIMIT = Duration.ofSeconds(5);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);
    private static final String SOURCE = "/annals/http";

    private final Topics topics;
    private final Serializer<Object> serializer;
    private final PendingCommands pending;
    private final Producer<byte[], byte[]> producer;
    private final String replyTo;

    /**
     * A sender over a producer, which it closes.
     *
     * @param replyTo the partition of the replies topic that this instance follows
     */
    CommandSender(
            Producer<byte[], byte[]> producer, Topics topics, AvroSerdes serdes, PendingCommands pending, int replyTo) {
        this.topics = topics;
        this.serializer = serdes.newSerializer();
        this.pending = pending;
        this.producer = producer;
        this.replyTo = Integer.toString(replyTo);
    }

    static Producer<byte[], byte[]> producer(Map<String, Object> kafka) {
        return new KafkaClients(kafka, DELIVERY_LIMIT)
                .producer(Map.of(
                        ProducerConfig.LINGER_MS_CONFIG, kafka.getOrDefault(ProducerConfig.LINGER_MS_CONFIG, 0),
                        ProducerConfig.MAX_BLOCK_MS_CONFIG, BLOCKING_LIMIT.toMillis(),
                        ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) REQUEST_LIMIT.toMillis()));
    }

    /**
     * Hands a command to Kafka.
     *
     * @return the command, to {@link PendingCommand#await} its result; null where too many are in flight
     * @throws KafkaException if the registry is away
     */
    @Nullable
    PendingCommand send(CommandMessage command) {
        String requestId = UUID.randomUUID().toString();
        String topic = topics.commands(command.type());
        Headers headers = headers(command, requestId);
        byte[] value = serialize(topic, headers, command.payload());
        PendingCommand sent = pending.add(requestId, command.commandId(), command.type(), command.aggregateId());
        if (sent != null) {
            byte[] key = command.aggregateId().getBytes(StandardCharsets.UTF_8);
            var record = new ProducerRecord<>(topic, null, key, value, headers);
            try {
                var unused = producer.send(record, (metadata, failure) -> settle(sent, requestId, failure));
            } catch (RuntimeException e) {
                settle(sent, requestId, e);
            }
        }
        return sent;
    }

    private void settle(PendingCommand sent, String requestId, @Nullable Exception failure) {
        if (failure == null) {
            sent.durable().complete(null);
        } else {
            sent.durable().completeExceptionally(failure);
            pending.fail(requestId, failure);
        }
    }

    private Headers headers(CommandMessage asked, String requestId) {
        Headers headers = CloudEventHeaders.ofCommand(
                asked.commandId(), asked.payload().getSchema().getFullName(), SOURCE, Instant.now());
        HeaderName.CORRELATION_ID.put(headers, asked.correlationId());
        HeaderName.TRACE_PARENT.put(headers, asked.traceParent());
        HeaderName.REQUEST_ID.put(headers, requestId);
        HeaderName.REPLY_TO.put(headers, replyTo);
        if (asked.expectedVersion() != null) {
            HeaderName.EXPECTED_VERSION.put(headers, Long.toString(asked.expectedVersion()));
        }
        return headers;
    }

    /** A serializer serves one thread at a time. */
    private synchronized byte[] serialize(String topic, Headers headers, GenericRecord payload) {
        return serializer.serialize(topic, headers, payload);
    }

    @Override
    public void close() {
        producer.close(CLOSE_LIMIT);
        serializer.close();
    }
}
