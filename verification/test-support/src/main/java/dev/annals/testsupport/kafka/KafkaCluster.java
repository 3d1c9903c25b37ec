package dev.annals.testsupport.kafka;

import dev.annals.embedded.BrokerProcess;
import dev.annals.engine.kafka.NewTopics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The broker and the registry of a test class. Safe for use by several threads. */
public final class KafkaCluster {
    private static final Duration CREATE_LIMIT = Duration.ofSeconds(20);
    private static final AtomicInteger NAMES = new AtomicInteger();

    private final KafkaExtension.SharedBroker shared;
    private final String registryUrl;

    KafkaCluster(KafkaExtension.SharedBroker shared, String registryUrl) {
        this.shared = shared;
        this.registryUrl = registryUrl;
    }

    public String bootstrapServers() {
        return shared.brokers.stream().map(BrokerProcess::bootstrapServers).collect(Collectors.joining(","));
    }

    /** The value for {@code schema.registry.url}: a real registry, or a {@code mock://} scope of this test class. */
    public String registryUrl() {
        return registryUrl;
    }

    /** An admin client that lives as long as the broker; not to be closed. */
    public Admin admin() {
        return shared.admin;
    }

    /** The broker itself, to be killed, paused and restarted; a test that does so must leave it running. */
    public BrokerProcess broker() {
        return shared.brokers.getFirst();
    }

    /** As {@link #broker}, all of them. The first is the controller. */
    public List<BrokerProcess> brokers() {
        return shared.brokers;
    }

    /** A name that no other test of this JVM has: for a topic, a group, an application id, or a prefix of them. */
    public String uniqueName(String prefix) {
        return prefix + "-" + NAMES.incrementAndGet();
    }

    /**
     * Makes a topic and waits until it can be written to.
     *
     * @throws IllegalStateException if it can't be made, for example because it exists
     */
    public void createTopic(String name, int partitions, Map<String, String> config) {
        List<NewTopic> topic = List.of(new NewTopic(name, Optional.of(partitions), Optional.empty()).configs(config));
        try {
            admin().createTopics(topic).all().get(CREATE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            NewTopics.awaitLeaders(admin(), topic, CREATE_LIMIT);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Can't make the topic " + name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while making the topic " + name, e);
        }
    }

    /** See {@link CommittedRecords#toEnd}. */
    public List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        return CommittedRecords.toEnd(bootstrapServers(), topic);
    }

    /** See {@link CommittedRecords#atLeast}. */
    public List<ConsumerRecord<byte[], byte[]>> awaitRecords(String topic, int count, Duration limit) {
        return CommittedRecords.atLeast(bootstrapServers(), topic, count, limit);
    }
}
