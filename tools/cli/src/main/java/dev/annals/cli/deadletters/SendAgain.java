package dev.annals.cli.deadletters;

import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.client.Printable;
import dev.annals.cli.deadletters.DeadLetter.Origin;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RegistryFailures;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends one dead letter to the command topic again, as it was received, and follows what comes of it.
 *
 * <p>Its time is the time of sending: by its old one, the topic's retention might remove it before it is read. A command id
 * still counts once: nothing was stored for the command that failed, and a repeat of one that took effect meanwhile gets that
 * result.
 */
final class SendAgain {

    private static final Duration SEND_LIMIT = Duration.ofSeconds(30);

    /** The dead letter is in the transaction of the failed result, but in another topic: it may be read a little later. */
    private static final Duration LETTER_AFTER_RESULT = Duration.ofSeconds(5);

    private final KafkaAccess kafka;
    private final String commands;
    private final String results;
    private final String deadLetters;

    SendAgain(KafkaAccess kafka, String type) {
        this.kafka = kafka;
        this.commands = kafka.topics().commands(type);
        this.results = kafka.topics().results(type);
        this.deadLetters = kafka.topics().deadLetters(type);
    }

    /**
     * The command in a dead letter.
     *
     * @throws CommandFailureException if it can't be sent again; says why
     */
    static ProducerRecord<byte[], byte[]> command(ConsumerRecord<byte[], byte[]> letter, String topic) {
        String leftOut = HeaderName.DEAD_LETTER_LEFT_OUT.in(letter.headers());
        if (leftOut != null) {
            throw refused(
                    letter,
                    "only its place was kept, since its %s bytes were too many to be copied; read it at %s"
                            .formatted(leftOut, origin(letter)));
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

    private static CommandFailureException refused(ConsumerRecord<?, ?> letter, String why) {
        return new CommandFailureException(
                "dead letter %d:%d can't be sent again: %s".formatted(letter.partition(), letter.offset(), why), null);
    }

    private static String origin(ConsumerRecord<?, ?> letter) {
        Origin origin = Origin.of(letter.headers());
        return Printable.of("%s %s:%s".formatted(origin.topic(), origin.partition(), origin.offset()));
    }

    /**
     * Sends and waits.
     *
     * @param wait at most so long for what comes of it
     * @throws CommandFailureException if there is no such dead letter, it can't be sent again, or Kafka doesn't take it
     */
    Answer send(Place place, Duration wait) {
        ProducerRecord<byte[], byte[]> command = command(letter(place), commands);
        try (TopicReader answers = new TopicReader(kafka, results, deadLetters)) {
            Origin sent = Origin.of(commands, sent(command));
            String commandId = HeaderName.ID.in(command.headers());
            return commandId == null ? Answer.none(Answer.Outcome.SENT) : follow(answers, commandId, sent, wait);
        }
    }

    private ConsumerRecord<byte[], byte[]> letter(Place place) {
        try (TopicReader letters = new TopicReader(kafka, deadLetters)) {
            return letters.at(place)
                    .orElseThrow(() -> new CommandFailureException(
                            "there is no dead letter %s in %s: leave --send-again out to list those that there are"
                                    .formatted(place, deadLetters),
                            null));
        }
    }

    private Place sent(ProducerRecord<byte[], byte[]> command) {
        try (Producer<byte[], byte[]> producer = kafka.newProducer(new ByteArraySerializer())) {
            RecordMetadata written = producer.send(command).get(SEND_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return new Place(written.partition(), written.offset());
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new CommandFailureException(
                    "the command may not have been sent: %s. With a command id, sending it again is safe"
                            .formatted(cause),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailureException("interrupted while sending the command", e);
        }
    }

    private Answer follow(TopicReader answers, String commandId, Origin sent, Duration wait) {
        Answer failed = null;
        long deadline = System.nanoTime() + wait.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : answers.poll()) {
                if (record.topic().equals(deadLetters)) {
                    if (sent.equals(Origin.of(record.headers()))) {
                        return Answer.buried(record);
                    }
                } else if (commandId.equals(HeaderName.CAUSATION_ID.in(record.headers()))) {
                    Answer answer = Answer.of(result(record));
                    if (answer.outcome() != Answer.Outcome.FAILED) {
                        return answer;
                    }
                    failed = answer;
                    deadline = Math.min(deadline, System.nanoTime() + LETTER_AFTER_RESULT.toNanos());
                }
            }
        }
        return Optional.ofNullable(failed).orElseGet(() -> Answer.none(Answer.Outcome.UNKNOWN));
    }

    private CommandResult result(ConsumerRecord<byte[], byte[]> record) {
        RecordBinding<CommandResult> binding = CommandResult.binding();
        try (Deserializer<Object> deserializer = kafka.serdes().newDeserializer()) {
            @Nullable Object value = deserializer.deserialize(record.topic(), record.headers(), record.value());
            if (value instanceof IndexedRecord avro) {
                return binding.fromAvro(avro);
            }
            throw new SerializationException("it is no record");
        } catch (SerializationException e) {
            throw new CommandFailureException(
                    "the command was sent and has a result, which can't be read: " + RegistryFailures.describe(e), e);
        }
    }
}
