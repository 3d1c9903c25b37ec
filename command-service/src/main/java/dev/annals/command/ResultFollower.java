package dev.annals.command;

import dev.annals.core.avro.BindingException;
import dev.annals.core.avro.RecordBinding;
import dev.annals.core.deciding.CommandResult;
import dev.annals.core.kafka.AvroSerdes;
import dev.annals.core.kafka.HeaderName;
import dev.annals.core.kafka.RegistryFailures;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.service.http.Readiness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the results topics from their end, with {@code read_committed}, and completes the commands of this instance.
 *
 * <p>It belongs to no group: every instance sees every result, and decodes only those that carry a request id of its own.
 * When Kafka is away it starts over from the position it had, so no result is missed. One thread of its own.
 */
final class ResultFollower implements Readiness, AutoCloseable {

    private static final Duration POLL_LIMIT = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(ResultFollower.class);

    private final Map<String, Object> config;
    private final Collection<String> topics;
    private final PendingCommands pending;
    private final Deserializer<Object> deserializer;
    private final RecordBinding<CommandResult> binding = RecordBinding.of(
            CommandResult.class, SchemaCatalog.load("annals.CommandResult", ResultFollower.class.getClassLoader()));
    private final Map<TopicPartition, Long> positions = new LinkedHashMap<>();
    private final Thread thread = Thread.ofPlatform().name("result-follower").unstarted(this::run);
    private volatile boolean following;
    private volatile boolean closing;

    ResultFollower(Map<String, Object> kafka, Collection<String> topics, PendingCommands pending, AvroSerdes serdes) {
        this.config = new LinkedHashMap<>(kafka);
        this.topics = List.copyOf(topics);
        this.pending = pending;
        this.deserializer = serdes.newDeserializer();
        config.keySet().retainAll(ConsumerConfig.configNames());
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    }

    void start() {
        thread.start();
    }

    private void run() {
        while (!closing) {
            try (Consumer<byte[], byte[]> consumer =
                    new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                follow(consumer);
            } catch (InterruptException e) {
                return;
            } catch (RuntimeException e) {
                following = false;
                LOG.atWarn().addKeyValue("topics", topics).setCause(e).log("following results failed, starting over");
                pause();
            }
        }
    }

    private void follow(Consumer<byte[], byte[]> consumer) {
        consumer.assign(partitions(consumer));
        consumer.assignment().forEach(partition -> {
            Long known = positions.get(partition);
            if (known == null) {
                consumer.seekToEnd(List.of(partition));
            } else {
                consumer.seek(partition, known);
            }
            positions.put(partition, consumer.position(partition));
        });
        following = true;
        while (!closing) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL_LIMIT)) {
                take(record);
                positions.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
            }
            pending.forgetOld();
        }
    }

    private List<TopicPartition> partitions(Consumer<?, ?> consumer) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : topics) {
            consumer.partitionsFor(topic)
                    .forEach(info -> partitions.add(new TopicPartition(info.topic(), info.partition())));
        }
        return partitions;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        String requestId = HeaderName.REQUEST_ID.in(record.headers());
        if (requestId == null || !pending.awaits(requestId)) {
            return;
        }
        try {
            Object value = deserializer.deserialize(record.topic(), record.headers(), record.value());
            pending.complete(requestId, binding.fromAvro((IndexedRecord) value));
        } catch (SerializationException | BindingException | ClassCastException e) {
            if (RegistryFailures.mayPass(e)) {
                throw e;
            }
            pending.fail(requestId, e);
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_FAILURE);
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    @Override
    public List<String> reasonsAgainst() {
        return following ? List.of() : List.of("results: not following yet");
    }

    @Override
    public void close() {
        closing = true;
        try {
            if (!thread.join(CLOSE_LIMIT)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        deserializer.close();
    }
}
