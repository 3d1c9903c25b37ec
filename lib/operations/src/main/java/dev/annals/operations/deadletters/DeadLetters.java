package dev.annals.operations.deadletters;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.kafka.DeadLetterRecord;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.deadletters.DeadLetter.Origin;
import dev.annals.operations.deadletters.DeadLetter.Position;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.kafka.PartitionReader;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters of one aggregate type, listed, and sent to the command topic again. Reads the topics themselves, since a
 * record that no service can read is in no view. Each call makes its own clients; for any thread.
 *
 * @param kafka with a schema registry, to send again
 */
public record DeadLetters(KafkaAccess kafka, String type) {

    /** Only so many of the newest offsets of a partition are looked at: a bug can bury millions. */
    public static final long MAX_SCANNED = 100_000;

    /** Most often the newest few hold all that is wanted. */
    private static final long FIRST_SCANNED = 1_000;

    private static final long SCAN_GROWS_BY = 10;

    /**
     * The dead letter is in the transaction of the failed result, but in another topic: it may be read a little later.
     */
    private static final Duration LETTER_AFTER_RESULT = Duration.ofSeconds(5);

    /**
     * What came of a dead letter that was sent again.
     *
     * @param version of the aggregate, if it was accepted
     * @param code of a rejection or failure; it and its message are null for other outcomes
     * @param deadLetter where it is now, if it failed again
     */
    public record SentAgain(
            Outcome outcome,
            @Nullable Long version,
            @Nullable String code,
            @Nullable String message,
            @Nullable Position deadLetter) {

        public enum Outcome {
            ACCEPTED,
            REJECTED,
            FAILED,
            /** Neither result nor dead letter came in time. */
            UNKNOWN,
            /** Without a command id, its result can't be told from others. */
            SENT
        }

        static SentAgain without(Outcome outcome) {
            return new SentAgain(outcome, null, null, null, null);
        }

        static SentAgain of(CommandResult result) {
            Outcome outcome = switch (result.outcome()) {
                case ACCEPTED -> Outcome.ACCEPTED;
                case REJECTED -> Outcome.REJECTED;
                case FAILED -> Outcome.FAILED;
            };
            return new SentAgain(outcome, result.knownVersion(), result.code(), result.message(), null);
        }

        static SentAgain buried(ConsumerRecord<byte[], byte[]> letter) {
            DeadLetter buried = DeadLetter.of(letter);
            return new SentAgain(Outcome.FAILED, null, buried.reason(), buried.message(), buried.position());
        }

        /** For who asked that it be sent. */
        public boolean isSuccess() {
            return outcome == Outcome.ACCEPTED || outcome == Outcome.SENT;
        }
    }

    /** The name of their topic. */
    public String topic() {
        return kafka.topics().deadLetters(type);
    }

    /**
     * The newest dead letters that are wanted, at most so many, the newest last.
     *
     * @throws OperationFailedException if no broker answers, or there is no such topic
     */
    public List<DeadLetter> newest(int limit, Predicate<DeadLetter> wanted) {
        try (PartitionReader reader = new PartitionReader(kafka, List.of(topic()))) {
            Map<TopicPartition, Long> begins = reader.begins();
            Map<TopicPartition, Long> ends = reader.ends();
            for (long offsets = FIRST_SCANNED; ; offsets *= SCAN_GROWS_BY) {
                List<DeadLetter> newest = newest(limit, wanted, reader, begins, ends, offsets);
                if (newest.size() == limit || offsets >= MAX_SCANNED || isWhole(begins, ends, offsets)) {
                    return newest;
                }
            }
        }
    }

    private static boolean isWhole(Map<TopicPartition, Long> begins, Map<TopicPartition, Long> ends, long offsets) {
        return ends.entrySet().stream()
                .allMatch(end -> end.getValue() - begins.getOrDefault(end.getKey(), 0L) <= offsets);
    }

    /** @param offsets so many of the newest of each partition are read */
    private static List<DeadLetter> newest(
            int limit,
            Predicate<DeadLetter> wanted,
            PartitionReader reader,
            Map<TopicPartition, Long> begins,
            Map<TopicPartition, Long> ends,
            long offsets) {
        PriorityQueue<DeadLetter> newest = new PriorityQueue<>(DeadLetter.BY_TIME);
        Map<TopicPartition, Long> from = new HashMap<>(begins);
        from.replaceAll((partition, begin) -> Math.max(begin, ends.getOrDefault(partition, 0L) - offsets));
        reader.seek(from);
        reader.readTo(ends, record -> {
            DeadLetter letter = DeadLetter.of(record);
            if (wanted.test(letter)) {
                newest.add(letter);
            }
            if (newest.size() > limit) {
                newest.remove();
            }
        });
        return newest.stream().sorted(DeadLetter.BY_TIME).toList();
    }

    /**
     * Sends the command in a dead letter again, as it was received, and waits for what comes of it.
     *
     * <p>Its time is the time of sending: by its old one, the topic's retention might remove it before it is read. A
     * command id still counts once: nothing was stored for the command that failed, and a repeat of one that took
     * effect meanwhile gets that result.
     *
     * @param wait at most so long for what comes of it
     * @throws OperationFailedException if there is no such dead letter, it can't be sent again, or Kafka doesn't take
     *     it
     */
    public SentAgain sendAgain(Position position, Duration wait) {
        ProducerRecord<byte[], byte[]> command =
                command(read(position), kafka.topics().commands(type));
        try (PartitionReader answers =
                new PartitionReader(kafka, List.of(kafka.topics().results(type), topic()))) {
            answers.seek(answers.ends());
            Origin sent = send(command);
            String commandId = HeaderName.ID.in(command.headers());
            return commandId == null
                    ? SentAgain.without(SentAgain.Outcome.SENT)
                    : follow(answers, commandId, sent, wait);
        }
    }

    /**
     * A dead letter as it stands in the topic, its value and headers as they were received and those that say why it is
     * there.
     *
     * @throws OperationFailedException if there is no such dead letter, or no broker answers
     */
    public ConsumerRecord<byte[], byte[]> read(Position position) {
        TopicPartition partition = new TopicPartition(topic(), position.partition());
        Map<TopicPartition, Long> there = Map.of(partition, position.offset());
        Map<Long, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
        try (PartitionReader reader = new PartitionReader(kafka, List.of(topic()))) {
            long begin = reader.begins().getOrDefault(partition, Long.MAX_VALUE);
            if (position.offset() >= begin && position.offset() < reader.ends().getOrDefault(partition, 0L)) {
                reader.seek(there);
                reader.readTo(Map.of(partition, position.offset() + 1), record -> found.put(record.offset(), record));
            }
        }
        return Optional.ofNullable(found.get(position.offset()))
                .orElseThrow(() -> new OperationFailedException(
                        "there is no dead letter %s in %s: list those that there are".formatted(position, topic())));
    }

    /**
     * The command in a dead letter.
     *
     * @throws OperationFailedException if it can't be sent again; says why
     */
    static ProducerRecord<byte[], byte[]> command(ConsumerRecord<byte[], byte[]> letter, String topic) {
        String leftOut = HeaderName.DEAD_LETTER_LEFT_OUT.in(letter.headers());
        if (leftOut != null) {
            throw refused(
                    letter,
                    "only its place was kept, since its %s bytes were too many to be copied; read it at %s"
                            .formatted(leftOut, Origin.of(letter.headers())));
        }
        String unread = unread(HeaderName.DEAD_LETTER_REASON.in(letter.headers()));
        if (unread != null) {
            throw refused(
                    letter,
                    "only its place was kept, since %s: it stood at %s".formatted(unread, Origin.of(letter.headers())));
        }
        if (letter.key() == null) {
            throw refused(letter, "it has no key, and without an aggregate id it would fail again; send it with one");
        }
        ProducerRecord<byte[], byte[]> command = new ProducerRecord<>(topic, letter.key(), letter.value());
        letter.headers().forEach(header -> {
            if (!header.key().startsWith(HeaderName.DEAD_LETTER_PREFIX)) {
                command.headers().add(header);
            }
        });
        return command;
    }

    /** Why nobody has read it; null if somebody has. */
    private static @Nullable String unread(@Nullable String reason) {
        if (DeadLetterRecord.INVALID_RECORD.equals(reason)) {
            return "Kafka's client can't read it";
        }
        return DeadLetterRecord.SKIPPED.equals(reason) ? "it was passed over unread" : null;
    }

    private static OperationFailedException refused(ConsumerRecord<?, ?> letter, String why) {
        return new OperationFailedException(
                "dead letter %d:%d can't be sent again: %s".formatted(letter.partition(), letter.offset(), why));
    }

    /** @return where the command stands now, as the headers of its dead letter would have it */
    private Origin send(ProducerRecord<byte[], byte[]> command) {
        try (Producer<byte[], byte[]> producer = kafka.newProducer()) {
            RecordMetadata written = producer.send(command).get(Broker.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return new Origin(command.topic(), Integer.toString(written.partition()), Long.toString(written.offset()));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new OperationFailedException(
                    "the command may not have been sent: %s. With a command id, sending it again is safe"
                            .formatted(cause),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OperationFailedException("interrupted while sending the command", e);
        }
    }

    private SentAgain follow(PartitionReader answers, String commandId, Origin sent, Duration wait) {
        SentAgain failed = null;
        long deadline = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : answers.poll()) {
                if (record.topic().equals(topic())) {
                    if (sent.equals(Origin.of(record.headers()))) {
                        return SentAgain.buried(record);
                    }
                } else if (commandId.equals(HeaderName.CAUSATION_ID.in(record.headers()))) {
                    SentAgain result = SentAgain.of(result(record));
                    if (result.outcome() != SentAgain.Outcome.FAILED) {
                        return result;
                    }
                    failed = result;
                    deadline = Math.min(deadline, System.nanoTime() + LETTER_AFTER_RESULT.toNanos());
                }
            }
        }
        return Optional.ofNullable(failed).orElseGet(() -> SentAgain.without(SentAgain.Outcome.UNKNOWN));
    }

    private CommandResult result(ConsumerRecord<byte[], byte[]> record) {
        try (Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            return new ResultReader(deserializer).read(record.topic(), record.headers(), record.value());
        } catch (SerializationException | BindingException e) {
            throw new OperationFailedException(
                    "the command was sent and has a result, which can't be read: " + RegistryFailures.describe(e), e);
        }
    }
}
