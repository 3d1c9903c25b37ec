package dev.annals.engine.reacting;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.engine.avro.BindingException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * An instance of a process as the first entries of its journal make it: for whoever reads the journal.
 *
 * @param version how many entries are in it
 * @param state as a record of {@link ProcessBinding#stateSchema}
 * @param reason why it is parked; null unless it is
 * @param timers that are set, with their times
 * @param unanswered commands that were neither accepted nor rejected, in their order: without an outcome, or failed
 */
public record InstanceSnapshot(
        long version,
        GenericRecord state,
        Status status,
        @Nullable String reason,
        SortedMap<String, Instant> timers,
        List<SentCommand> unanswered) {

    public InstanceSnapshot {
        unanswered = List.copyOf(unanswered);
    }

    public enum Status {
        RUNNING,
        /** It can't go on with an input: somebody must look. */
        PARKED,
        ENDED;

        /** Of an instance, as the last entry of its journal says. */
        public static Status after(GenericRecord last) {
            if (reason(last) != null) {
                return PARKED;
            }
            boolean ended = Journal.effects(last).stream().anyMatch(Journal::isEnd);
            return ended ? ENDED : RUNNING;
        }
    }

    /**
     * A command that the instance has sent.
     *
     * @param type the aggregate type to which it went
     * @param name full name of its record
     */
    public record SentCommand(ProcessCommandId id, String type, String aggregateId, String name) {}

    /** Why an instance is parked whose journal ends with this entry; null if it is not. */
    public static @Nullable String reason(GenericRecord last) {
        return Journal.text(last, JournalSchema.FAILURE);
    }

    /**
     * @param entries from the first on, without a gap; at least one
     * @throws BindingException if one can't be read
     * @throws RuntimeException as the process's {@code evolve} throws it
     */
    public static <S extends Record> InstanceSnapshot of(
            ProcessBinding<S> binding, String id, List<GenericRecord> entries) {
        Instance<S> instance = Instance.of(new Journal<>(binding), entries);
        return new InstanceSnapshot(
                instance.entries(),
                binding.states().toAvro(instance.state()),
                Status.after(entries.getLast()),
                reason(entries.getLast()),
                new TreeMap<>(instance.timers()),
                unanswered(binding.name(), id, instance, entries));
    }

    /** As members of a JSON object, what it is beside its state. */
    public void writeMore(JsonGenerator json) throws IOException {
        json.writeStringField("status", status.name());
        json.writeStringField("reason", reason);
        json.writeArrayFieldStart("timers");
        for (Map.Entry<String, Instant> timer : timers.entrySet()) {
            json.writeStartObject();
            json.writeStringField("timer", timer.getKey());
            json.writeStringField("time", timer.getValue().toString());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("unanswered");
        for (SentCommand command : unanswered) {
            json.writeStartObject();
            json.writeStringField("commandId", command.id().toString());
            json.writeStringField("aggregateType", command.type());
            json.writeStringField("aggregateId", command.aggregateId());
            json.writeStringField("type", command.name());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static List<SentCommand> unanswered(
            String process, String id, Instance<?> instance, List<GenericRecord> entries) {
        List<SentCommand> commands = new ArrayList<>();
        for (Map.Entry<Long, Long> each : new TreeMap<>(instance.unanswered()).entrySet()) {
            GenericRecord send = Journal.send(each.getKey(), entries.get(Math.toIntExact(each.getValue() - 1)));
            GenericRecord command = (GenericRecord) send.get(JournalSchema.COMMAND);
            commands.add(new SentCommand(
                    new ProcessCommandId(process, id, each.getKey()),
                    String.valueOf(Journal.text(send, JournalSchema.TYPE)),
                    String.valueOf(Journal.text(send, JournalSchema.AGGREGATE_ID)),
                    command.getSchema().getFullName()));
        }
        return commands;
    }
}
