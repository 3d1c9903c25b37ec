package dev.annals.operations.skip;

import dev.annals.api.View;
import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.RegistryState;
import dev.annals.engine.viewregistry.Skip;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.kafka.Broker;
import dev.annals.operations.kafka.KafkaAccess;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/**
 * Skips: has a stopped view pass over the record that it has stopped at, for ever. The view goes on when it tries
 * again, within a minute; what the event would have changed is missing from it. For one thread; holds a client until it
 * is closed.
 */
public final class Skips implements AutoCloseable {

    private final KafkaAccess kafka;
    private final Broker broker;

    public Skips(KafkaAccess kafka) {
        this.kafka = kafka;
        this.broker = new Broker(kafka);
    }

    /**
     * Notes the skip for the generations of the view that are stopped there, or, where none is, for the newest.
     *
     * @param instruction who says so, and why: stays with the note
     * @param force also where the view is not stopped there: it passes over the record when it comes to it
     * @return what is noted, safely
     * @throws OperationFailedException if there is no such view, or it is not stopped there and force is not wanted
     */
    public List<Skip> skip(String view, RecordPlace place, Instruction instruction, boolean force) {
        List<Skip> skips = generations(view, place, force).stream()
                .map(each -> new Skip(each, place, instruction.reason(), instruction.time()))
                .toList();
        try (Producer<byte[], byte[]> producer = kafka.newProducer()) {
            for (Skip skip : skips) {
                ProducerRecord<byte[], byte[]> record = skip.toRecord(kafka.topics());
                instruction.putInto(record.headers());
                var unused = broker.answer(producer.send(record));
            }
        } catch (KafkaException e) {
            throw broker.failure(e);
        }
        return skips;
    }

    /** Each generation is a view of its own. */
    private List<ViewId> generations(String view, RecordPlace place, boolean force) {
        ViewId newest = newest(view);
        List<Stop> stops = stops(view);
        List<ViewId> there = stops.stream()
                .filter(stop -> stop.place().equals(place))
                .map(Stop::view)
                .toList();
        if (there.isEmpty() && !force) {
            String where = stops.stream().map(stop -> "at " + stop.place()).collect(Collectors.joining(" and "));
            throw new OperationFailedException("view %s is not stopped at %s, but %s; to note it all the same, force it"
                    .formatted(view, place, stops.isEmpty() ? "nowhere" : where));
        }
        return there.isEmpty() ? List.of(newest) : there;
    }

    /** The newest generation of a view that has a topic. */
    private ViewId newest(String view) {
        Pattern topic = Pattern.compile(
                Pattern.quote(kafka.topics().prefix()) + "(?<name>.+)\\.view\\.(?<generation>[1-9]\\d{0,8})");
        List<ViewId> views = broker.topics().stream()
                .map(topic::matcher)
                .filter(Matcher::matches)
                .filter(name -> View.isName(name.group("name"))) // others are of another installation
                .map(name -> new ViewId(name.group("name"), Integer.parseInt(name.group("generation"))))
                .toList();
        return views.stream()
                .filter(each -> each.name().equals(view))
                .max(Comparator.comparingInt(ViewId::generation))
                .orElseThrow(() -> new OperationFailedException(
                        "there is no view %s; there are: %s (is the prefix of topics right?)"
                                .formatted(
                                        view,
                                        views.stream()
                                                .map(ViewId::name)
                                                .distinct()
                                                .sorted()
                                                .collect(Collectors.joining(", ")))));
    }

    /** Where the generations of a view are stopped now. */
    private List<Stop> stops(String view) {
        RegistryState notes = broker.topics().contains(kafka.topics().views()) ? broker.notes() : new RegistryState();
        return notes.stops().stream()
                .filter(stop -> stop.view().name().equals(view))
                .filter(stop -> !stop.isPast(
                        broker.committed(kafka.topics().prefix() + ViewTopology.applicationId(stop.view()))))
                .toList();
    }

    @Override
    public void close() {
        broker.close();
    }
}
