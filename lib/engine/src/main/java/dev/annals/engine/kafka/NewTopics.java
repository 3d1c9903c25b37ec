package dev.annals.engine.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Topics that were just made, before anybody writes to them.
 *
 * <p>A broker names the leader of a new partition a moment before that leads. Of two batches on their way in that
 * moment it refuses the first and takes the second, whatever its sequence number; the first is then out of order for
 * ever, and its producer tries it until the delivery timeout and loses it (KAFKA-15591, which brokers up to 4.3 have).
 */
public final class NewTopics {

    private static final Duration PAUSE = Duration.ofMillis(5);

    private NewTopics() {}

    /**
     * Waits until the leaders of all partitions answer. Each question may take as long as the client's own limit
     * allows.
     *
     * @param topics that were created, with their numbers of partitions
     * @throws TimeoutException if they don't within the limit
     * @throws KafkaException if a broker refuses, or the thread is interrupted
     */
    public static void awaitLeaders(Admin admin, Collection<NewTopic> topics, Duration limit) {
        List<String> names = topics.stream().map(NewTopic::name).toList();
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (NewTopic topic : topics) {
            for (int partition = 0; partition < topic.numPartitions(); partition++) {
                latest.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        long deadline = System.nanoTime() + limit.toNanos();
        try {
            while (!answer(admin, names, latest)) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("no leaders of %s within %s".formatted(latest.keySet(), limit));
                }
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static boolean answer(Admin admin, List<String> topics, Map<TopicPartition, OffsetSpec> latest)
            throws InterruptedException {
        try {
            // Asked first, since the next question logs an error where the broker has not heard of a topic yet.
            admin.describeTopics(topics).allTopicNames().get();
            // Asked again by the client itself where a leader does not lead yet.
            admin.listOffsets(latest).all().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e.getCause() instanceof KafkaException refusal ? refusal : new KafkaException(e);
        }
    }
}
