package dev.annals.engine.reacting;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.EventKey;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of a journal says, for whoever reads journals and runs no process.
 *
 * @param happened the events that were its input; null for another one
 * @param answer the answer that was its input; null for another one
 * @param sent what the instance sent, in order
 * @param ended whether the instance ended with it
 * @param failure why the instance is parked with its input; null if it went on
 */
public record JournalEntry(
        @Nullable Happened happened,
        @Nullable Answer answer,
        List<Sent> sent,
        boolean ended,
        @Nullable String failure) {

    /** Events of an aggregate, which are one stored event. */
    public record Happened(String type, EventKey key) {}

    /**
     * What became of a command of this number.
     *
     * @param accepted whether it took effect
     * @param last whether no other answer can come: one that failed may be sent again
     */
    public record Answer(long number, boolean accepted, boolean last) {}

    /** A command of this number. */
    public record Sent(long number, String type, String aggregateId) {}

    public JournalEntry {
        sent = List.copyOf(sent);
    }

    /** @param entry of any version of the process */
    public static JournalEntry of(GenericRecord entry) {
        GenericRecord input = Journal.input(entry);
        List<GenericRecord> effects = Journal.effects(entry);
        return new JournalEntry(
                input.getSchema().getName().equals("Happened") ? happened(input) : null,
                Journal.isAnswer(input) ? answer(input) : null,
                effects.stream()
                        .filter(Journal::isSend)
                        .map(send -> new Sent(
                                Journal.number(send),
                                ReactionWriter.type(send),
                                String.valueOf(Journal.text(send, JournalSchema.AGGREGATE_ID))))
                        .toList(),
                effects.stream().anyMatch(Journal::isEnd),
                InstanceSnapshot.reason(entry));
    }

    private static Happened happened(GenericRecord input) {
        return new Happened(
                String.valueOf(Journal.text(input, JournalSchema.TYPE)),
                new EventKey(
                        String.valueOf(Journal.text(input, JournalSchema.AGGREGATE_ID)),
                        Journal.number(input, JournalSchema.VERSION)));
    }

    private static Answer answer(GenericRecord input) {
        String outcome = Journal.text(input, JournalSchema.OUTCOME);
        return new Answer(
                Journal.number(input),
                CommandResult.Outcome.ACCEPTED.name().equals(outcome),
                !CommandResult.Outcome.FAILED.name().equals(outcome));
    }
}
