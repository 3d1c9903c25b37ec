package dev.annals.operations.backup;

import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes the same records in the same order, however often it is broken off and begun anew: in transactions of
 * {@link #CHUNK} records, each of which also commits how many are written. For one thread.
 */
final class NotedWriter implements AutoCloseable {

    /** Records in a transaction. */
    static final int CHUNK = 5_000;

    private static final Callback ON_FAILURE_THE_COMMIT_FAILS = (metadata, failure) -> {};

    private final Note note;
    private final Producer<byte[], byte[]> producer;
    private final ConsumerGroupMetadata groupMetadata;
    private final LongConsumer progress;
    private long done;
    private long given;

    /**
     * Where it is noted how far a writer is.
     *
     * @param group consumer group, and id of the transactions
     * @param place whose offset it is
     * @param metadata of what is written: another content's note doesn't count
     */
    record Note(KafkaAccess kafka, String group, TopicPartition place, String metadata) {

        /** How many records are written. */
        long read(Broker broker) {
            OffsetAndMetadata noted = broker.committed(group).get(place);
            return noted != null && noted.metadata().equals(metadata) ? noted.offset() : 0;
        }

        /** Aborts what a writer that was killed has left open, and lets it write no more. */
        void endPredecessor() {
            try (Producer<byte[], byte[]> producer = kafka.newTransactionalProducer(group)) {
                producer.initTransactions();
            } catch (KafkaException e) {
                throw new OperationFailedException(
                        "the broker at %s: %s".formatted(kafka.bootstrapServers(), e.getMessage()), e);
            }
        }
    }

    /**
     * @param done how many records are written already
     * @param progress told after each transaction how many are
     * @throws KafkaException as all methods, where the broker refuses
     */
    NotedWriter(Note note, long done, LongConsumer progress) {
        this.note = note;
        this.done = done;
        this.progress = progress;
        this.groupMetadata = note.kafka().groupMetadata(note.group());
        this.producer = note.kafka().newTransactionalProducer(note.group());
        try {
            producer.initTransactions();
            producer.beginTransaction();
        } catch (RuntimeException e) {
            producer.close();
            throw e;
        }
    }

    /** Takes records of which it is known that they are written. */
    void pass(long records) {
        given += records;
    }

    /** Writes a record, unless it is written already. */
    void write(ProducerRecord<byte[], byte[]> record) {
        given++;
        if (given <= done) {
            return;
        }
        var unused = producer.send(record, ON_FAILURE_THE_COMMIT_FAILS);
        if (given - done == CHUNK) {
            commit();
            producer.beginTransaction();
        }
    }

    /** All have been given. */
    void end() {
        commit();
    }

    private void commit() {
        producer.sendOffsetsToTransaction(
                Map.of(note.place(), new OffsetAndMetadata(given, note.metadata())), groupMetadata);
        producer.commitTransaction();
        done = given;
        progress.accept(done);
    }

    /** How many are written. */
    long done() {
        return done;
    }

    @Override
    public void close() {
        producer.close();
    }
}
