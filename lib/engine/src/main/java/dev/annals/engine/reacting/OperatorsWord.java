package dev.annals.engine.reacting;

import dev.annals.engine.kafka.EventKey;
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

    private static final int MAX_REASON_LENGTH = 500;

    /** For error messages. */
    public static final String REASON_RULE = "1 to %d printable characters".formatted(MAX_REASON_LENGTH);

    private OperatorsWord() {}

    public static boolean isReason(String text) {
        return !text.isBlank()
                && text.length() <= MAX_REASON_LENGTH
                && text.chars().noneMatch(Character::isISOControl);
    }

    /** Try again what the instance is parked with, and then what waits. */
    public static ProducerRecord<byte[], byte[]> retry(Topics topics, String process, String instance) {
        return record(topics, process, instance, new Arrival.Retry());
    }

    /**
     * Pass over what the instance is parked with, and go on with what waits.
     *
     * @param reason for the journal
     */
    public static ProducerRecord<byte[], byte[]> skip(Topics topics, String process, String instance, String reason) {
        return record(topics, process, instance, new Arrival.Skip(reason));
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
