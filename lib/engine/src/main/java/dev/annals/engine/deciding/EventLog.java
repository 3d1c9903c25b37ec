package dev.annals.engine.deciding;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The committed events of one partition, in order. One thread at a time. */
interface EventLog extends AutoCloseable {

    /** Opens the events of a partition, given the configuration of the Streams application. */
    interface Opener {
        EventLog open(Map<String, Object> streams, TopicPartition partition);
    }

    /** The offset of the first record that there is. */
    long begin();

    /** The offset after the last record, which a transaction that is open may have written. */
    long end();

    /**
     * The offset of the first record with this time or a later one, in milliseconds since the epoch; the end if none.
     */
    long firstSince(long time);

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
