package dev.annals.engine.reacting;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.Topics;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;

/**
 * What an operator says to a parked instance: a record that is told it in its turn, after all that came before. An
 * instance that is not parked is told nothing of the first two.
 */
public final class OperatorsWord {

    private OperatorsWord() {}

    /** Try again what the instance is parked with, and then what waits. */
    public static ProducerRecord<byte[], byte[]> retry(Topics topics, String process, String instance) {
        return record(topics, process, instance, new Arrival.Retry());
    }

    /**
     * Pass over what the instance is parked with, and go on with what waits.
     *
     * @param by who says so and why, for the journal
     */
    public static ProducerRecord<byte[], byte[]> skip(Topics topics, String process, String instance, Instruction by) {
        ProducerRecord<byte[], byte[]> word = record(topics, process, instance, new Arrival.Skip(by.reason()));
        by.putInto(word.headers());
        return word;
    }

    /**
     * Erase an entry of the journal, whose input was an event that is erased; what the instance has made of it stays.
     * Also one that is not parked is told this.
     */
    public static ProducerRecord<byte[], byte[]> erase(
            Topics topics, String process, EventKey entry, String type, EventKey event) {
        return record(topics, process, entry.aggregateId(), new Arrival.Erased(entry.version(), type, event));
    }

    private static ProducerRecord<byte[], byte[]> record(Topics topics, String process, String instance, Arrival word) {
        byte[] key = instance.getBytes(StandardCharsets.UTF_8);
        return new ProducerRecord<>(
                ProcessTopology.inputs(topics, process),
                null,
                key,
                null,
                word.mark(new Record<>(key, null, 0, new RecordHeaders())).headers());
    }
}
