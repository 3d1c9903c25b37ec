package dev.annals.lanes;

import dev.annals.engine.deciding.DecidingConfig;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.viewregistry.CommandSkip;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;

/**
 * What the lanes of one instance have in common.
 *
 * @param folder where stores are, one folder for each lane
 * @param tuning of each store
 * @param publishStatesEvery see {@link StatePublisher}
 * @param background runs what the thread of a lane must not wait for; each task is short or bounded by Kafka's limits
 */
record LaneEnvironment(
        Topics topics,
        AvroSerdes serdes,
        DecidingConfig deciding,
        Path folder,
        Consumer<Options> tuning,
        Duration publishStatesEvery,
        InstantSource clock,
        Executor background,
        Group group) {

    /** The consumer group that owns the lanes of a type. Thread-safe. */
    interface Group {

        /** Of the last poll, which fences whoever is no member any more. */
        ConsumerGroupMetadata metadata();

        /** Up to where commands are decided, in transactions that have ended. */
        Map<TopicPartition, Long> committed(Set<TopicPartition> partitions);

        /** The least of the newest times of these partitions, in milliseconds since the epoch; 0 if they are empty. */
        long newest(Set<TopicPartition> partitions);

        /** Those in which a transaction is open, whoever began it. */
        Set<TopicPartition> open(Set<TopicPartition> partitions);

        /** The word of an operator that a command is passed over; null where there is none. */
        @Nullable
        CommandSkip passedOver(RecordPlace place);

        /** Whether the brokers have this instance for a member still, and no other for the owner of a lane. */
        boolean owns(int lane);
    }
}
