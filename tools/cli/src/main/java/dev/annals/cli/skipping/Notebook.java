package dev.annals.cli.skipping;

import dev.annals.api.NameRule;
import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.kafka.BrokerAnswers;
import dev.annals.cli.kafka.KafkaAccess;
import dev.annals.cli.kafka.NoteTopic;
import dev.annals.engine.notes.Stop;
import dev.annals.engine.notes.ViewId;
import dev.annals.engine.notes.ViewNote;
import dev.annals.engine.notes.ViewNotes;
import dev.annals.engine.projecting.ViewTopology;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The notes about views, and which views there are, as the brokers know it. Every wait has a limit; one thread. */
final class Notebook implements AutoCloseable {

    static final Duration LIMIT = Duration.ofSeconds(30);

    private final KafkaAccess kafka;
    private final Admin admin;
    private final NoteTopic book;
    private final BrokerAnswers answers;

    Notebook(KafkaAccess kafka) {
        this.kafka = kafka;
        this.admin = kafka.newAdmin(LIMIT);
        this.book = new NoteTopic(kafka, LIMIT);
        this.answers = new BrokerAnswers(kafka, LIMIT);
    }

    /**
     * The newest version of a view that has a topic.
     *
     * @throws CommandFailureException if there is no such view
     */
    ViewId newest(String view) {
        Pattern topic = Pattern.compile(
                Pattern.quote(kafka.topics().prefix()) + "(?<name>.+)\\.view\\.(?<version>[1-9]\\d{0,8})");
        List<ViewId> views = topics().stream()
                .map(topic::matcher)
                .filter(Matcher::matches)
                .filter(name -> NameRule.isValid(name.group("name"))) // others are of another installation
                .map(name -> new ViewId(name.group("name"), Integer.parseInt(name.group("version"))))
                .toList();
        return views.stream()
                .filter(each -> each.name().equals(view))
                .max(Comparator.comparingInt(ViewId::generation))
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
        return answers.of(admin.listTopics().names());
    }

    /** Where the versions of a view are stopped now. */
    List<Stop> stops(String view) {
        return read().stops().stream()
                .filter(stop -> stop.view().name().equals(view))
                .filter(stop -> !stop.isPast(answers.of(
                        admin.listConsumerGroupOffsets(group(stop.view())).partitionsToOffsetAndMetadata())))
                .toList();
    }

    private String group(ViewId view) {
        return kafka.topics().prefix() + ViewTopology.applicationId(view);
    }

    private ViewNotes read() {
        if (!topics().contains(kafka.topics().views())) {
            return new ViewNotes(); // its services are older than notes
        }
        return book.read();
    }

    /** Returns when the note is safe. */
    void write(ViewNote note) {
        try (Producer<byte[], byte[]> producer = kafka.newProducer(new ByteArraySerializer())) {
            answers.of(producer.send(note.toRecord(kafka.topics())));
        } catch (KafkaException e) {
            throw answers.none(e);
        }
    }

    @Override
    public void close() {
        admin.close(LIMIT);
    }
}
