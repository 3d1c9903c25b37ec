package dev.annals.engine.rebuilding;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The committed records of one partition, in order. One thread at a time. */
public interface PartitionLog extends AutoCloseable {

    /** Opens a partition, given the configuration of the Streams application. */
    interface Opener {
        PartitionLog open(Map<String, Object> streams, TopicPartition partition);
    }

    /** The offset of the first record that there is. */
    long begin();

    /** The offset after the last record, which a transaction that is open may have written. */
    long end();

    /**
     * The offset of the first record with this time or a later one, in milliseconds since the epoch; the end if none.
     */
    long firstSince(long time);

    /** The time of the newest record, in milliseconds since the epoch; -1 if none has one. */
    long newest();

    void seek(long offset);

    /**
     * What is committed and comes after the {@link #position}; none: nothing more at the moment, or the position moved.
     */
    List<ConsumerRecord<byte[], byte[]>> poll();

    /** The offset of the next record to be polled, beyond aborted ones and the marks of transactions. */
    long position();

    @Override
    void close();
}
