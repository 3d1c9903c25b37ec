package dev.annals.engine.reacting;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Topics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;

/**
 * The commands of a process that nobody has answered, by its journals: neither accepted nor rejected. Keeps those that
 * are open. Mutable, for one thread.
 */
public final class OpenCommands {

    private final String process;
    private final Topics topics;
    private final Serializer<Object> serializer;
    private final Predicate<ProcessCommandId> undecided;

    /** By instance and number. */
    private final Map<String, Map<Long, Open>> open = new TreeMap<>();

    /** One that is open, as the process sent it. */
    private record Open(GenericRecord entry, GenericRecord send, Headers headers, long timestamp, boolean late) {}

    /**
     * One that is open.
     *
     * @param command as the process sent it
     */
    public record OpenCommand(
            ProcessCommandId id, String type, String aggregateId, ProducerRecord<byte[], byte[]> command) {}

    /**
     * @param serializer writes commands; stays the caller's to close
     * @param undecided whether a command of an instance that has ended may not have been decided: it waits for no
     *     answer
     */
    public OpenCommands(
            String process, Topics topics, Serializer<Object> serializer, Predicate<ProcessCommandId> undecided) {
        this.process = process;
        this.topics = topics;
        this.serializer = serializer;
        this.undecided = undecided;
    }

    /**
     * One more entry; those of an instance in their order.
     *
     * @param late whether it may be that none of its commands was decided, see the constructor
     */
    public void take(EventKey key, Headers headers, long timestamp, GenericRecord entry, boolean late) {
        String id = key.aggregateId();
        Map<Long, Open> ofInstance = open.computeIfAbsent(id, any -> new HashMap<>());
        JournalEntry says = JournalEntry.of(entry);
        if (says.failure() == null) {
            JournalEntry.Answer answer = says.answer();
            if (answer != null && answer.last()) {
                ofInstance.remove(answer.number());
            }
            for (GenericRecord effect : Journal.effects(entry)) {
                if (Journal.isSend(effect)) {
                    ofInstance.put(Journal.number(effect), new Open(entry, effect, headers, timestamp, late));
                }
            }
            if (says.ended()) {
                ofInstance
                        .entrySet()
                        .removeIf(each -> !each.getValue().late()
                                && !undecided.test(new ProcessCommandId(process, id, each.getKey())));
            }
        }
        if (ofInstance.isEmpty()) {
            open.remove(id);
        }
    }

    /** In the order of instances and numbers. */
    public List<OpenCommand> list() {
        ReactionWriter writer = new ReactionWriter(process, topics, serializer, Integer.MAX_VALUE);
        List<OpenCommand> all = new ArrayList<>();
        open.forEach((id, ofInstance) -> new TreeMap<>(ofInstance)
                .forEach((number, each) -> all.add(new OpenCommand(
                        new ProcessCommandId(process, id, number),
                        ReactionWriter.type(each.send()),
                        String.valueOf(Journal.text(each.send(), JournalSchema.AGGREGATE_ID)),
                        command(writer, id, each)))));
        return all;
    }

    private ProducerRecord<byte[], byte[]> command(ReactionWriter writer, String id, Open open) {
        Record<byte[], byte[]> cause = new Record<>(new byte[0], null, Math.max(0, open.timestamp()), open.headers());
        Record<byte[], byte[]> command = writer.command(
                id,
                open.send(),
                Journal.time(Journal.input(open.entry())),
                Journal.hops(open.entry()) + 1,
                Journal.text(open.entry(), JournalSchema.CORRELATION_ID),
                cause);
        return new ProducerRecord<>(
                topics.commands(ReactionWriter.type(open.send())),
                null,
                Objects.requireNonNull(command.key()),
                command.value(),
                command.headers());
    }
}
