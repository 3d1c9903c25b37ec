package dev.annals.engine.rebuilding;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A log in memory, which is polled two at a time; more can be added to the list later. */
public class ListPartitionLog implements PartitionLog {

    private static final int RECORDS_A_POLL = 2;

    private final List<ConsumerRecord<byte[], byte[]>> records;

    /** Committed records end here, the log ends after the last one. */
    public long committed = Long.MAX_VALUE;

    /** Where the log is when nothing more is polled: records before it that are not in the list were aborted. */
    public long beyond;

    public long position;
    public boolean closed;

    public ListPartitionLog(List<ConsumerRecord<byte[], byte[]>> records) {
        this.records = records;
    }

    @Override
    public long begin() {
        return records.isEmpty() ? 0 : records.getFirst().offset();
    }

    @Override
    public long end() {
        return records.isEmpty() ? 0 : records.getLast().offset() + 1;
    }

    @Override
    public long firstSince(long time) {
        return records.stream()
                .filter(record -> record.timestamp() == ConsumerRecord.NO_TIMESTAMP || record.timestamp() >= time)
                .mapToLong(ConsumerRecord::offset)
                .findFirst()
                .orElse(end());
    }

    @Override
    public long newest() {
        return records.stream().mapToLong(ConsumerRecord::timestamp).max().orElse(-1);
    }

    @Override
    public void seek(long offset) {
        position = offset;
    }

    @Override
    public List<ConsumerRecord<byte[], byte[]>> poll() {
        List<ConsumerRecord<byte[], byte[]>> polled = new ArrayList<>(records.stream()
                .filter(record -> record.offset() >= position && record.offset() < committed)
                .limit(RECORDS_A_POLL)
                .toList());
        if (!polled.isEmpty()) {
            position = polled.getLast().offset() + 1;
        } else {
            position = Math.max(position, beyond);
        }
        return polled;
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public void close() {
        closed = true;
    }
}
