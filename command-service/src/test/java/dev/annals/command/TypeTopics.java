package dev.annals.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Topics;
import dev.annals.testsupport.kafka.KafkaCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** The topics of an aggregate type, as any Kafka client writes and reads them. One thread. */
class TypeTopics implements AutoCloseable {

    private static final RecordBinding<CommandResult> RESULTS = CommandResult.binding();
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final KafkaCluster kafka;
    private final String type;
    private final Topics topics;
    private final AvroSerdes serdes;
    private final Serializer<Object> serializer;
    private final Producer<byte[], byte[]> producer;

    TypeTopics(KafkaCluster kafka, String registryUrl, String prefix, String type) {
        this.kafka = kafka;
        this.type = type;
        this.topics = new Topics(prefix);
        this.serdes = new AvroSerdes(
                "dev.annals.serde.RegistryAvroSerializer",
                "dev.annals.serde.RegistryAvroDeserializer",
                Map.of("schema.registry.url", registryUrl, "value.subject.name.strategy", "TopicRecordNameStrategy"));
        this.serializer = serdes.newSerializer();
        this.producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 0),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    static Headers headers(String... keysAndValues) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            headers.add(keysAndValues[i], keysAndValues[i + 1].getBytes(UTF_8));
        }
        return headers;
    }

    byte[] bytes(IndexedRecord command) {
        return serializer.serialize(commands(), command);
    }

    void send(String id, IndexedRecord command, String... headers) {
        send(null, id.getBytes(UTF_8), bytes(command), headers(headers));
    }

    void send(@Nullable Integer partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        var unused = producer.send(new ProducerRecord<>(commands(), partition, key, value, headers));
    }

    /** Sends, and returns the offset when the broker has it. */
    long sendNow(int partition, byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        try {
            return producer.send(new ProducerRecord<>(commands(), partition, key, value, headers))
                    .get(LIMIT.toSeconds(), TimeUnit.SECONDS)
                    .offset();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A command of another type, with the timestamp that its sender gives the record. */
    void sendAt(Instant time, String otherType, String id, IndexedRecord command, String commandId) {
        var unused = producer.send(new ProducerRecord<>(
                topics.commands(otherType),
                null,
                time.toEpochMilli(),
                id.getBytes(UTF_8),
                bytes(command),
                headers("ce_id", commandId)));
    }

    /** A tombstone, as an operator writes it. */
    void erase(int partition, EventKey event) {
        var unused = producer.send(new ProducerRecord<>(topics.events(type), partition, event.toBytes(), null));
    }

    Deserializer<Object> newDeserializer() {
        return serdes.newDeserializer();
    }

    void flush() {
        producer.flush();
    }

    String commands() {
        return topics.commands(type);
    }

    List<ConsumerRecord<byte[], byte[]>> events() {
        return kafka.records(topics.events(type));
    }

    List<ConsumerRecord<byte[], byte[]>> commandRecords() {
        return kafka.records(commands());
    }

    List<ConsumerRecord<byte[], byte[]>> resultRecords() {
        return kafka.records(topics.results(type));
    }

    /** How many partitions of the commands each member of the deciding group has. */
    List<Integer> partitionsOfMembers() {
        String group = topics.commandGroup(type);
        try {
            return kafka.admin().describeConsumerGroups(List.of(group)).all().get().get(group).members().stream()
                    .map(member -> member.assignment().topicPartitions().size())
                    .toList();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** All that there are now. */
    List<ConsumerRecord<byte[], byte[]>> deadLetters() {
        return kafka.records(topics.deadLetters(type));
    }

    List<ConsumerRecord<byte[], byte[]>> deadLetters(int count) {
        kafka.awaitRecords(topics.deadLetters(type), count, LIMIT);
        return kafka.records(topics.deadLetters(type));
    }

    /** All results, when there are at least so many. */
    List<CommandResult> results(int count) {
        return results(type, count);
    }

    /** The ids of the commands that have a result now; asks no registry. */
    List<String> answered() {
        return kafka.records(topics.results(type)).stream()
                .map(result -> text(result.headers()).getOrDefault("ce_causationid", ""))
                .toList();
    }

    List<CommandResult> results(String otherType, int count) {
        kafka.awaitRecords(topics.results(otherType), count, LIMIT);
        return resultsNow(otherType);
    }

    /** All that there are now. */
    List<CommandResult> results() {
        return resultsNow(type);
    }

    private List<CommandResult> resultsNow(String of) {
        try (var deserializer = serdes.newDeserializer()) {
            return kafka.records(topics.results(of)).stream()
                    .map(record -> RESULTS.fromAvro((IndexedRecord)
                            Objects.requireNonNull(deserializer.deserialize(record.topic(), record.value()))))
                    .toList();
        }
    }

    static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), UTF_8);
    }

    static Map<String, String> text(Headers headers) {
        Map<String, String> text = new LinkedHashMap<>();
        headers.forEach(header -> text.put(header.key(), new String(header.value(), UTF_8)));
        return text;
    }

    /** Every event key stands once, and the versions of each account have no gaps. */
    void assertStreamsAreWhole() {
        Map<String, Long> versions = new LinkedHashMap<>();
        for (ConsumerRecord<byte[], byte[]> event : events()) {
            String key = key(event);
            String id = key.substring(0, key.indexOf('/'));
            long version = Long.parseLong(key.substring(key.indexOf('/') + 1));
            assertThat(version).as(key).isEqualTo(versions.merge(id, 1L, Long::sum));
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
        serializer.close();
    }
}
