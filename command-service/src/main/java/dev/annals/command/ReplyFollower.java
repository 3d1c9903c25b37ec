package dev.annals.command;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.service.StartupException;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Follows one partition of the replies topic, with {@code read_committed}, and completes the commands of this instance.
 *
 * <p>It belongs to no group. Which partition it is, a hash of a random id of this instance says; an instance that has
 * the same one costs only the reading of its replies. It starts at the end, and after a failure goes on where it was,
 * so no reply is missed. One thread of its own.
 */
final class ReplyFollower implements AutoCloseable {

    private static final Duration POLL_LIMIT = Duration.ofMillis(500);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);
    private static final Duration SWEEP_EVERY = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final KafkaClients clients;
    private final String topic;
    private final PendingCommands pending;
    private final Deserializer<Object> deserializer;
    private final ResultReader results;
    private final UUID instance = UUID.randomUUID();
    private final Worker worker;
    private final CompletableFuture<TopicPartition> followed = new CompletableFuture<>();
    private @Nullable Long position;

    ReplyFollower(
            Map<String, Object> kafka, String topic, PendingCommands pending, AvroSerdes serdes, Workers workers) {
        this.clients = new KafkaClients(kafka, ANSWER_LIMIT);
        this.topic = topic;
        this.pending = pending;
        this.deserializer = serdes.newDeserializer();
        this.results = new ResultReader(deserializer);
        this.worker = workers.worker("reply-follower", this::follow)
                .endsWithin(CLOSE_LIMIT, () -> {})
                .atEnd(deserializer::close);
    }

    /**
     * Starts to follow; whatever is written to the partition after this returns is seen.
     *
     * @return the partition, for {@link HeaderName#REPLY_TO}
     * @throws StartupException if Kafka does not let it within the limit
     */
    int start(Duration limit) {
        worker.start();
        try {
            return followed.get(limit.toMillis(), TimeUnit.MILLISECONDS).partition();
        } catch (TimeoutException | ExecutionException e) {
            throw new StartupException(
                    "topic %s can't be followed within %d s: %s".formatted(topic, limit.toSeconds(), worker.trouble()),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartupException("interrupted while starting to follow " + topic, e);
        }
    }

    private Duration follow() {
        pending.forgetOld();
        try (Consumer<byte[], byte[]> consumer =
                clients.consumer(Map.of(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest"))) {
            seek(consumer);
            worker.recovered();
            long swept = System.nanoTime();
            while (worker.isOpen()) {
                for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL_LIMIT)) {
                    take(each);
                    position = each.offset() + 1;
                }
                if (System.nanoTime() - swept > SWEEP_EVERY.toNanos()) { // it looks at all that are pending
                    pending.forgetOld();
                    swept = System.nanoTime();
                }
            }
        }
        return Duration.ZERO;
    }

    private void seek(Consumer<?, ?> consumer) {
        TopicPartition mine = partition(consumer);
        consumer.assign(List.of(mine));
        if (position == null) {
            consumer.seekToEnd(List.of(mine));
        } else {
            consumer.seek(mine, position);
        }
        position = consumer.position(mine);
        followed.complete(mine);
    }

    private TopicPartition partition(Consumer<?, ?> consumer) {
        return followed.isDone()
                ? followed.join()
                : new TopicPartition(
                        topic,
                        Math.floorMod(
                                instance.hashCode(),
                                consumer.partitionsFor(topic).size()));
    }

    private void take(ConsumerRecord<byte[], byte[]> reply) {
        String requestId = HeaderName.REQUEST_ID.in(reply.headers());
        if (requestId == null || !pending.awaits(requestId)) {
            return;
        }
        try {
            pending.complete(requestId, results.read(reply.topic(), reply.headers(), reply.value()));
        } catch (SerializationException | BindingException e) {
            if (RegistryFailures.mayPass(e)) {
                throw e;
            }
            pending.fail(requestId, new SerializationException("the reply can't be read", e));
        }
    }

    @Override
    public void close() {
        worker.close();
    }
}
