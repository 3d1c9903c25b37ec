package dev.annals.checker.fuzz;

import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends records, and after each few of them right commands to each partition, and waits for these: so no more wait in
 * the topics than services keep up with, and a partition that stands still is seen at once. For one thread.
 */
final class RecordFeed {

    private static final int BATCH = 2_000;

    private final RecordInputs inputs;
    private final Producer<byte[], byte[]> producer;
    private final Ledger ledger;
    private final Probes probes;
    private final Tally tally;

    /** @param producer the caller's to close */
    RecordFeed(RecordInputs inputs, Producer<byte[], byte[]> producer, Ledger ledger, Probes probes, Tally tally) {
        this.inputs = inputs;
        this.producer = producer;
        this.ledger = ledger;
        this.probes = probes;
        this.tally = tally;
    }

    /**
     * Sends the inputs of these numbers, and returns when services have decided them.
     *
     * @param deadline as {@link System#nanoTime}; inputs that would come later are left out
     * @return the first number that was not sent
     */
    long send(long from, long to, long deadline) throws InterruptedException {
        long next = from;
        while (next < to && System.nanoTime() < deadline) {
            long end = Math.min(to, next + BATCH);
            for (; next < end; next++) {
                send(inputs.make(next));
            }
            await();
        }
        return next;
    }

    /** Until all that was sent is decided. */
    void await() throws InterruptedException {
        producer.flush();
        probes.overTopics();
    }

    void send(RecordInput input) {
        tally.sent("record: " + (input.kind().startsWith("header ") ? "header of the contract" : input.kind()));
        try {
            var unused = producer.send(input.record(), (metadata, failure) -> {
                if (failure == null) {
                    ledger.add(
                            new TopicPartition(metadata.topic(), metadata.partition()),
                            metadata.offset(),
                            input.number(),
                            input.fate());
                } else {
                    tally.sent("record: refused by the broker: "
                            + failure.getClass().getSimpleName());
                }
            });
        } catch (RuntimeException e) {
            tally.sent("record: refused by the client: " + e.getClass().getSimpleName());
        }
    }
}
