package dev.annals.engine.reacting;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * The schemas of a process's journal: an entry is an input of an instance and what was done about it. Events and
 * commands stand in it as they are in their own topics, so its unions have the records of all types that the process
 * joins, and whoever reads Avro reads it.
 */
record JournalSchema(
        Schema entry, Schema happened, Schema answered, Schema due, Schema send, Schema at, Schema cancel, Schema end) {

    static final String ENTRY = "JournalEntry";

    static final String INPUT = "input";
    static final String EFFECTS = "effects";
    static final String FAILURE = "failure";
    static final String SKIPPED = "skipped";
    static final String HOPS = "hops";
    static final String CORRELATION_ID = "correlationId";

    static final String TYPE = "type";
    static final String AGGREGATE_ID = "aggregateId";
    static final String VERSION = "version";
    static final String TIME = "time";
    static final String EVENTS = "events";
    static final String NUMBER = "number";
    static final String OFFSET = "offset";
    static final String OUTCOME = "outcome";
    static final String CODE = "code";
    static final String MESSAGE = "message";
    static final String TIMER = "timer";
    static final String COMMAND = "command";
    static final String EXPECTED_VERSION = "expectedVersion";

    static JournalSchema of(String namespace, Collection<Schema> events, Collection<Schema> commands) {
        Schema happened = record(
                namespace,
                "Happened",
                "Input: events of an aggregate.",
                field(TYPE, text(), "The aggregate type."),
                field(AGGREGATE_ID, text(), "Whose events."),
                field(VERSION, number(), "Their place in the stream of the aggregate."),
                field(TIME, time(), "When they happened (UTC)."),
                field(
                        EVENTS,
                        Schema.createArray(Schema.createUnion(List.copyOf(events))),
                        "What the stored event means: one mostly, several or none where upcasters say so."));
        Schema answered = record(
                namespace,
                "Answered",
                "Input: what became of a command that the instance sent.",
                field(NUMBER, number(), "Which command: its number among those of the instance."),
                field(OFFSET, number(), "Where the command stood; one that failed may be sent again."),
                field(TYPE, text(), "The aggregate type."),
                field(AGGREGATE_ID, text(), "To whom it was sent."),
                field(OUTCOME, text(), "ACCEPTED, REJECTED or FAILED."),
                field(VERSION, number(), "Version of the aggregate after it; -1 where it is not known."),
                optional(CODE, text(), "Machine-readable reason; absent when accepted."),
                optional(MESSAGE, text(), "The reason in words; absent when accepted."),
                field(TIME, time(), "Time of the command (UTC)."));
        Schema due = record(
                namespace,
                "Due",
                "Input: a timer has run out.",
                field(TIMER, text(), "Its name."),
                field(TIME, time(), "When it was due (UTC)."));
        Schema send = record(
                namespace,
                "Send",
                "Effect: a command was sent, with the id <process>/<instance>/<number>.",
                field(NUMBER, number(), "Counts the commands of the instance, from 1."),
                field(TYPE, text(), "The aggregate type."),
                field(AGGREGATE_ID, text(), "To whom."),
                optional(EXPECTED_VERSION, number(), "The version that the aggregate must have; absent: any."),
                field(COMMAND, Schema.createUnion(List.copyOf(commands)), "As it was sent."));
        Schema at = record(
                namespace,
                "At",
                "Effect: a timer was set.",
                field(TIMER, text(), "Its name."),
                field(TIME, time(), "When it is due (UTC)."));
        Schema cancel =
                record(namespace, "Cancel", "Effect: a timer was forgotten.", field(TIMER, text(), "Its name."));
        Schema end = record(namespace, "End", "Effect: the instance has ended.");
        Schema entry = record(
                namespace,
                ENTRY,
                "An input of an instance, and what was done about it.",
                field(INPUT, Schema.createUnion(happened, answered, due), "What came."),
                field(
                        EFFECTS,
                        Schema.createArray(Schema.createUnion(send, at, cancel, end)),
                        "What was done, in order."),
                optional(FAILURE, text(), "Why the instance is parked with this input; absent: it went on."),
                optional(SKIPPED, text(), "Why somebody had this input passed over; absent: nobody did."),
                field(HOPS, Schema.create(Schema.Type.INT), "How many processes stand before the input."),
                optional(CORRELATION_ID, text(), "What the commands of the instance carry on."));
        return new JournalSchema(entry, happened, answered, due, send, at, cancel, end);
    }

    /** A record of one of these schemas, with the values of its fields in their order. */
    static GenericRecord record(Schema schema, @Nullable Object... values) {
        GenericRecord record = new GenericData.Record(schema);
        for (int i = 0; i < values.length; i++) {
            record.put(i, values[i]);
        }
        return record;
    }

    private static Schema record(String namespace, String name, String doc, Schema.Field... fields) {
        return Schema.createRecord(name, doc, namespace, false, new ArrayList<>(List.of(fields)));
    }

    private static Schema.Field field(String name, Schema schema, String doc) {
        return new Schema.Field(name, schema, doc);
    }

    private static Schema.Field optional(String name, Schema schema, String doc) {
        Schema union = Schema.createUnion(Schema.create(Schema.Type.NULL), schema);
        return new Schema.Field(name, union, doc, Schema.Field.NULL_DEFAULT_VALUE);
    }

    private static Schema text() {
        return Schema.create(Schema.Type.STRING);
    }

    private static Schema number() {
        return Schema.create(Schema.Type.LONG);
    }

    private static Schema time() {
        return LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
    }
}
