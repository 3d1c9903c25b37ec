package dev.annals.engine.reacting;

import dev.annals.api.Effect;
import dev.annals.api.Input;
import dev.annals.api.ProcessManager;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.EventKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** Between inputs and effects of a process and the entries of its journal. Thread-safe. */
final class Journal<S extends Record> {

    private final ProcessBinding<S> binding;
    private final JournalSchema schema;

    /** Finds an entry of the same instance. */
    @FunctionalInterface
    interface EntryAt {
        GenericRecord get(long number);
    }

    Journal(ProcessBinding<S> binding) {
        this.binding = binding;
        this.schema = binding.journal();
    }

    ProcessManager<S> process() {
        return binding.process();
    }

    /** An input as it stands in the journal, of events that have been read. */
    GenericRecord happened(String type, EventKey key, Instant time, List<IndexedRecord> events) {
        return JournalSchema.record(
                schema.happened(), type, key.aggregateId(), key.version(), micros(time), new ArrayList<>(events));
    }

    GenericRecord answered(Arrival.OfAnswer answer, CommandResult result) {
        return JournalSchema.record(
                schema.answered(),
                answer.number(),
                answer.offset(),
                result.aggregateType(),
                result.aggregateId(),
                result.outcome().name(),
                result.version(),
                result.code(),
                result.message(),
                micros(result.time()));
    }

    GenericRecord due(Arrival.OfTimer timer) {
        return JournalSchema.record(schema.due(), timer.timer(), micros(timer.due()));
    }

    GenericRecord entry(
            GenericRecord input,
            List<GenericRecord> effects,
            @Nullable String failure,
            @Nullable String skipped,
            int hops,
            @Nullable String correlationId) {
        return JournalSchema.record(
                schema.entry(), input, new ArrayList<>(effects), failure, skipped, hops, correlationId);
    }

    /**
     * An effect as it stands in the journal.
     *
     * @param number of the next command
     * @throws BindingException if a value does not fit its field, or a command is of no type that the process names
     */
    GenericRecord effect(Effect effect, long number) {
        return switch (effect) {
            case Effect.Send send -> {
                ProcessBinding.WrittenCommand command = binding.write(send);
                yield JournalSchema.record(
                        schema.send(),
                        number,
                        command.type(),
                        send.aggregateId(),
                        send.expectedVersion(),
                        command.record());
            }
            case Effect.At at -> JournalSchema.record(schema.at(), at.timer(), micros(at.time()));
            case Effect.Cancel cancel -> JournalSchema.record(schema.cancel(), cancel.timer());
            case Effect.End end -> JournalSchema.record(schema.end());
        };
    }

    /**
     * What an input in the journal means today.
     *
     * @param commandEntry the entry in which the command stands that is answered; null if it is no answer
     * @throws BindingException if it can't be read
     */
    List<Input> inputs(GenericRecord input, @Nullable GenericRecord commandEntry) {
        return switch (input.getSchema().getName()) {
            case "Happened" -> events(input);
            case "Answered" -> List.of(answer(input, commandEntry));
            case "Due" -> List.of(new Input.Due(String.valueOf(text(input, JournalSchema.TIMER)), time(input)));
            default -> throw new BindingException("a journal entry has the input " + input.getSchema());
        };
    }

    private List<Input> events(GenericRecord input) {
        AggregateBinding<?, ?, ?> type = binding.followed(String.valueOf(text(input, JournalSchema.TYPE)));
        List<Input> events = new ArrayList<>();
        for (Object record : (List<?>) input.get(JournalSchema.EVENTS)) {
            for (Object event : type.events((IndexedRecord) record)) {
                events.add(new Input.Happened(
                        String.valueOf(text(input, JournalSchema.AGGREGATE_ID)),
                        number(input, JournalSchema.VERSION),
                        time(input),
                        event));
            }
        }
        return events;
    }

    private Input answer(GenericRecord input, @Nullable GenericRecord commandEntry) {
        GenericRecord sent = send(number(input), commandEntry);
        Object command = binding.command(
                String.valueOf(text(sent, JournalSchema.TYPE)), (IndexedRecord) sent.get(JournalSchema.COMMAND));
        return new Input.Answered(
                String.valueOf(text(input, JournalSchema.AGGREGATE_ID)),
                command,
                Input.Outcome.valueOf(String.valueOf(text(input, JournalSchema.OUTCOME))),
                number(input, JournalSchema.VERSION),
                text(input, JournalSchema.CODE),
                text(input, JournalSchema.MESSAGE),
                time(input));
    }

    /** The effect by which a command was sent; throws if it is not in the entry. */
    static GenericRecord send(long number, @Nullable GenericRecord entry) {
        if (entry != null) {
            for (GenericRecord effect : effects(entry)) {
                if (isSend(effect) && number(effect) == number) {
                    return effect;
                }
            }
        }
        throw new BindingException(
                "the command %d that is answered stands in no entry of the journal".formatted(number));
    }

    /** The state after some inputs; throws what the process throws. */
    S evolve(S state, List<Input> inputs) {
        S after = state;
        for (Input input : inputs) {
            after = process().evolve(after, input);
        }
        return after;
    }

    /** Whether the process was told of the entry's input: it was neither parked with it, nor passed over. */
    static boolean hasTakenEffect(GenericRecord entry) {
        return text(entry, JournalSchema.FAILURE) == null && text(entry, JournalSchema.SKIPPED) == null;
    }

    static GenericRecord input(GenericRecord entry) {
        return (GenericRecord) entry.get(JournalSchema.INPUT);
    }

    static boolean isAnswer(GenericRecord input) {
        return input.getSchema().getName().equals("Answered");
    }

    static boolean isDue(GenericRecord input) {
        return input.getSchema().getName().equals("Due");
    }

    static boolean isSend(GenericRecord effect) {
        return effect.getSchema().getName().equals("Send");
    }

    static boolean isEnd(GenericRecord effect) {
        return effect.getSchema().getName().equals("End");
    }

    static List<GenericRecord> effects(GenericRecord entry) {
        return ((List<?>) entry.get(JournalSchema.EFFECTS))
                .stream().map(GenericRecord.class::cast).toList();
    }

    static int hops(GenericRecord entry) {
        return (int) entry.get(JournalSchema.HOPS);
    }

    static long number(GenericRecord part) {
        return number(part, JournalSchema.NUMBER);
    }

    static long number(GenericRecord part, String field) {
        return (long) part.get(field);
    }

    static @Nullable String text(GenericRecord part, String field) {
        Object text = part.get(field);
        return text == null ? null : text.toString();
    }

    static Instant time(GenericRecord part) {
        return instant(number(part, JournalSchema.TIME));
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
