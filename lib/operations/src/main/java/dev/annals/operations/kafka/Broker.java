package dev.annals.operations.kafka;

import dev.annals.engine.kafka.KafkaClients;
import dev.annals.engine.viewregistry.RegistryEntry;
import dev.annals.engine.viewregistry.RegistryState;
import dev.annals.engine.viewregistry.RegistryWriter;
import dev.annals.operations.OperationFailedException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/**
 * Admin client of an installation's brokers. Every answer is waited for at most {@link #LIMIT}; where it does not come,
 * or is a refusal, an {@link OperationFailedException} says so in words for people. For one thread.
 */
public final class Broker implements AutoCloseable {

    /** Of each request. */
    public static final Duration LIMIT = Duration.ofSeconds(30);

    private final KafkaAccess kafka;
    private final Admin admin;
    private final RegistryWriter notes;

    public Broker(KafkaAccess kafka) {
        this.kafka = kafka;
        KafkaClients clients = kafka.clients();
        this.admin = clients.admin();
        this.notes = new RegistryWriter(
                kafka.topics(),
                () -> clients.consumer(Map.of()),
                id -> clients.producer(Map.of(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id)),
                LIMIT);
    }

    public Admin admin() {
        return admin;
    }

    /** @throws OperationFailedException if it is refused, or does not come in time */
    public <T> T answer(Future<T> request) {
        try {
            return answerOrRefusal(request);
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private <T> T answerOrRefusal(Future<T> request) throws ExecutionException {
        try {
            return request.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failure(e);
        }
    }

    /** For people, of a request that has failed. */
    public OperationFailedException failure(Exception e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return new BrokerFailedException(
                "the broker at %s did not do it within %d s: %s"
                        .formatted(kafka.bootstrapServers(), LIMIT.toSeconds(), cause),
                e);
    }

    /**
     * The answer to what a client asks and waits for by itself.
     *
     * @throws OperationFailedException if it is refused, or does not come in time
     */
    static <T> T asked(KafkaAccess kafka, Supplier<T> request) {
        try {
            return request.get();
        } catch (org.apache.kafka.common.errors.TimeoutException e) {
            throw new BrokerFailedException(
                    "no broker answers at %s within %d s: does it run, and is the address right?"
                            .formatted(kafka.bootstrapServers(), LIMIT.toSeconds()),
                    e);
        } catch (KafkaException e) {
            throw new BrokerFailedException(
                    "the broker at %s: %s".formatted(kafka.bootstrapServers(), e.getMessage()), e);
        }
    }

    public Set<String> topics() {
        return answer(admin.listTopics().names());
    }

    public Map<TopicPartition, Long> offsets(Collection<TopicPartition> partitions, OffsetSpec spec) {
        return offsets(partitions, spec, IsolationLevel.READ_UNCOMMITTED);
    }

    public Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        answer(admin.listOffsets(wanted, new ListOffsetsOptions(isolation)).all())
                .forEach((partition, found) -> offsets.put(partition, found.offset()));
        return offsets;
    }

    /**
     * What a consumer group has committed, as {@code Admin} has it: null for a partition of which nothing is; empty
     * without a group.
     */
    public Map<TopicPartition, @Nullable OffsetAndMetadata> committed(String group) {
        return ofGroup(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(), Map.of());
    }

    /** The members of a consumer group; empty without a group. */
    public Collection<MemberDescription> members(String group) {
        return ofGroup(
                admin.describeConsumerGroups(List.of(group))
                        .all()
                        .thenApply(all -> Objects.requireNonNull(all.get(group)).members()),
                List.of());
    }

    private <T> T ofGroup(Future<T> request, T withoutGroup) {
        try {
            return answerOrRefusal(request);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return withoutGroup;
            }
            throw failure(e);
        }
    }

    /**
     * The notes about views.
     *
     * @throws OperationFailedException if they can't be read in time
     */
    public RegistryState notes() {
        try {
            return notes.read();
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    /**
     * Changes the notes about views, see {@link RegistryWriter#edit}.
     *
     * @throws OperationFailedException if the broker does not do it in time
     */
    public List<RegistryEntry> edit(RegistryWriter.Edit edit) {
        try {
            return notes.edit(edit);
        } catch (KafkaException e) {
            throw failure(e);
        }
    }

    @Override
    public void close() {
        admin.close(LIMIT);
    }
}
