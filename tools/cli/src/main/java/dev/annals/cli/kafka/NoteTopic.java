package dev.annals.cli.kafka;

import dev.annals.cli.client.CommandFailureException;
import dev.annals.engine.notes.NoteEditor;
import dev.annals.engine.notes.NoteReader;
import dev.annals.engine.notes.ViewNote;
import dev.annals.engine.notes.ViewNotes;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;

/** The notes about views, read and changed. Waits for the broker, each time within the limit. */
public record NoteTopic(KafkaAccess kafka, Duration limit) {

    private static final Duration POLL = Duration.ofMillis(200);

    /**
     * All notes.
     *
     * @throws CommandFailureException if the broker does not answer in time
     */
    public ViewNotes read() {
        ViewNotes notes = new ViewNotes();
        long deadline = System.nanoTime() + limit.toNanos();
        try (Consumer<byte[], byte[]> consumer = kafka.newConsumer()) {
            NoteReader reader = new NoteReader(consumer, kafka.topics(), notes, limit);
            while (!reader.poll(POLL)) {
                if (System.nanoTime() > deadline) {
                    throw new TimeoutException("the notes about views were not read to their end in time");
                }
            }
        } catch (KafkaException e) {
            throw answers().none(e);
        }
        return notes;
    }

    /**
     * See {@link NoteEditor#edit}.
     *
     * @throws CommandFailureException if the broker does not do it in time
     */
    public List<ViewNote> edit(NoteEditor.Edit edit) {
        NoteEditor editor = new NoteEditor(
                kafka.topics(), kafka::newConsumer, id -> kafka.newTransactionalProducer(id, limit), limit);
        try {
            return editor.edit(edit);
        } catch (KafkaException e) {
            throw answers().none(e);
        }
    }

    private BrokerAnswers answers() {
        return new BrokerAnswers(kafka, limit);
    }
}
