package dev.annals.checker.fuzz;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * One record for a topic of commands.
 *
 * @param kind for people
 * @param fate what has to come of it
 */
record RecordInput(long number, String kind, ProducerRecord<byte[], byte[]> record, Fate fate) {

    /** What comes of a record, as far as the contract says it. */
    enum Fate {
        /** It goes to the dead letters. */
        BURIED,
        /** It is decided, whatever the decision; it does not go to the dead letters. */
        DECIDED,
        /** One of both: a mutant may be right by chance. */
        EITHER
    }

    @Override
    public String toString() {
        StringBuilder headers = new StringBuilder();
        for (Header header : record.headers()) {
            if (headers.length() > 1_000) {
                headers.append(" …");
                break;
            }
            headers.append(' ').append(header.key()).append('=');
            headers.append(header.value() == null ? "null" : Escaped.of(header.value()));
        }
        return "record:%d (%s, %s, %s) key %s value %s headers%s"
                .formatted(
                        number,
                        record.topic(),
                        kind,
                        fate,
                        record.key() == null ? "null" : Escaped.of(record.key()),
                        record.value() == null ? "null" : Escaped.of(record.value()),
                        headers);
    }
}
