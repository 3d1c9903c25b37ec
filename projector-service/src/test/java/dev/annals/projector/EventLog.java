package dev.annals.projector;

import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.testkit.ViewKit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/** Appends events as the command service does, and knows what a view of them must show. For one thread. */
final class EventLog<E> implements AutoCloseable {

    private record Appended<E>(String id, E event) {}

    private final AggregateBinding<?, ?, E> binding;
    private final String topic;
    private final int partitions;
    private final Serializer<Object> serializer;
    private final Producer<byte[], byte[]> producer;
    private final Map<String, Long> versions = new HashMap<>();
    private final List<Appended<E>> history = new ArrayList<>();
    private final List<Future<RecordMetadata>> sent = new ArrayList<>();

    EventLog(AggregateBinding<?, ?, E> binding, Topics topics, int partitions, AvroSerdes serdes, String servers) {
        this.binding = binding;
        this.topic = topics.events(binding.type().name());
        this.partitions = partitions;
        this.serializer = serdes.newSerializer();
        this.producer = new KafkaProducer<>(
                // One in flight: a broker that is fenced for a moment may otherwise take the second batch before the
                // first.
                Map.of("bootstrap.servers", servers, "max.in.flight.requests.per.connection", 1),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    void append(String id, E event) {
        long version = versions.merge(id, 1L, Long::sum);
        history.add(new Appended<>(id, event));
        send(id, version, event);
    }

    /** Sends an event that is in the log already, as a producer without idempotence might. */
    void sendAgain(String id, long version, E event) {
        send(id, version, event);
    }

    private void send(String id, long version, E event) {
        Headers headers = new RecordHeaders();
        HeaderName.TIME.put(headers, ViewKit.DEFAULT_TIME.toString());
        byte[] value = serializer.serialize(topic, headers, binding.toAvro(event));
        send(id, new EventKey(id, version).toBytes(), value, headers);
    }

    private void send(String id, byte[] key, byte[] value, Headers headers) {
        int partition = AggregateIds.partition(id, partitions);
        sent.add(producer.send(new ProducerRecord<>(topic, partition, key, value, headers)));
    }

    /** Something that is no event, under the next key of an aggregate. */
    void appendGarbage(String id) {
        byte[] key = new EventKey(id, versions.merge(id, 1L, Long::sum)).toBytes();
        send(id, key, new byte[] {9, 9, 9}, new RecordHeaders());
    }

    /** Waits until everything is in the topic; an event that isn't would make any view look wrong. */
    void flush() {
        producer.flush();
        for (Future<RecordMetadata> each : sent) {
            try {
                each.get();
            } catch (ExecutionException e) {
                throw new AssertionError("an event was not written: the test can say nothing", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
        sent.clear();
    }

    /** The rows of a view of everything that was appended, folded by the test kit. */
    @SuppressWarnings("unchecked") // a generic array of one event
    <R extends Record> SortedMap<String, R> rowsOf(View<E, R> view) {
        ViewKit<E, R> kit = ViewKit.of(view);
        history.forEach(each -> kit.given(each.id(), each.event()));
        return kit.rows();
    }

    @Override
    public void close() {
        producer.close();
        serializer.close();
    }
}
