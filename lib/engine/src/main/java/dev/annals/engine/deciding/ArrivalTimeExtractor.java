package dev.annals.engine.deciding;

import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;

/**
 * Takes from a command's record when it arrived: its timestamp, which is the broker's clock where the topic has
 * {@code LogAppendTime}, and else whatever its sender says. The time of a partition never goes back, so a single record
 * from next week would make it forget all command ids.
 */
record ArrivalTimeExtractor(InstantSource clock) implements TimestampExtractor {

    /** How far ahead of this instance's clock a time is believed: clocks of machines differ. */
    static final Duration MAX_AHEAD = Duration.ofMinutes(5);

    /** A record without a time (a producer may send -1) takes that of its partition, rather than stopping it. */
    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTime) {
        if (record.timestamp() < 0) {
            return Math.max(partitionTime, 0);
        }
        long now = clock.millis();
        return isAhead(record.timestamp(), now) ? now : record.timestamp();
    }

    /** The time of a partition; of one that has believed a time from the future before, the clock's. */
    static long believed(long partitionTime, long now) {
        return isAhead(partitionTime, now) ? now : partitionTime;
    }

    private static boolean isAhead(long time, long now) {
        return time - now > MAX_AHEAD.toMillis();
    }
}
