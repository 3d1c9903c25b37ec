package dev.annals.cli.skipping;

import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.core.notes.NoteReader;
import dev.annals.core.notes.Stop;
import dev.annals.core.notes.ViewId;
import dev.annals.core.notes.ViewNote;
import dev.annals.core.notes.ViewNotes;
import dev.annals.core.projecting.ViewTopology;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The notes about views, and which views there are, as the brokers know it. Every wait has a limit; one thread. */
final class Notebook implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(200);

    private final KafkaAccess kafka;
    private final Admin admin;

    Notebook(KafkaAccess kafka) {
        this.kafka = kafka;
        this.admin = kafka.newAdmin(LIMIT);
    }

    /**
     * The newest version of a view that has a topic.
     *
     * @throws CommandFailureException if there is no such view
     */
    ViewId newest(String view) {
        Pattern topic =
                Pattern.compile(Pattern.quote(kafka.topics().prefix()) + "(?<name>.+)\\.view\\.(?<version>\\d{1,9})");
        List<ViewId> views = topics().stream()
                .map(topic::matcher)
                .filter(Matcher::matches)
                .map(name -> new ViewId(name.group("name"), Integer.parseInt(name.group("version"))))
                .toList();
        return views.stream()
                .filter(each -> each.name().equals(view))
                .max(Comparator.comparingInt(ViewId::version))
                .orElseThrow(() -> new CommandFailureException(
                        "there is no view %s; there are: %s (is --topics-prefix right?)"
                                .formatted(
                                        view,
                                        views.stream()
                                                .map(ViewId::name)
                                                .distinct()
                                                .sorted()
                                                .collect(Collectors.joining(", "))),
                        null));
    }

    private Set<String> topics() {
        return answer(admin.listTopics().names());
    }

    /** Where the versions of a view are stopped now. */
    List<Stop> stops(String view) {
        return read().stops().stream()
                .filter(stop -> stop.view().name().equals(view))
                .filter(stop -> !stop.isPast(answer(
                        admin.listConsumerGroupOffsets(group(stop.view())).partitionsToOffsetAndMetadata())))
                .toList();
    }

    private String group(ViewId view) {
        return kafka.topics().prefix() + ViewTopology.applicationId(view);
    }

    private ViewNotes read() {
        ViewNotes notes = new ViewNotes();
        if (!topics().contains(kafka.topics().views())) {
            return notes; // its services are older than notes
        }
        long deadline = System.nanoTime() + LIMIT.toNanos();
        try (Consumer<byte[], byte[]> consumer = kafka.newConsumer()) {
            NoteReader reader = new NoteReader(consumer, kafka.topics(), notes, LIMIT);
            while (!reader.poll(POLL)) {
                if (System.nanoTime() > deadline) {
                    throw noAnswer(new TimeoutException("the notes about views were not read to their end in time"));
                }
            }
        } catch (KafkaException e) {
            throw noAnswer(e);
        }
        return notes;
    }

    /** Returns when the note is safe. */
    void write(ViewNote note) {
        try (Producer<byte[], byte[]> producer = kafka.newProducer(new ByteArraySerializer())) {
            answer(producer.send(note.toRecord(kafka.topics())));
        } catch (KafkaException e) {
            throw noAnswer(e);
        }
    }

    private <T> T answer(Future<T> question) {
        try {
            return question.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw noAnswer(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw noAnswer(e);
        }
    }

    private CommandFailureException noAnswer(Exception e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return new CommandFailureException(
                "the broker at %s did not do it within %d s: %s; start one with: annals up"
                        .formatted(kafka.bootstrapServers(), LIMIT.toSeconds(), cause),
                e);
    }

    @Override
    public void close() {
        admin.close(LIMIT);
    }
}
