package dev.annals.lanes;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Makes the Kafka clients of a lane. Thread-safe. */
interface LaneClients {

    /**
     * Fences, with {@code initTransactions}, all others that have the same id.
     *
     * @param transactionalId without the installation's prefix
     */
    Producer<byte[], byte[]> producer(String transactionalId);

    /** Reads what is committed, in no group, and never goes on elsewhere than where it is told to. */
    Consumer<byte[], byte[]> tail();
}
