package dev.annals.query.events;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.engine.avro.UnknownRecordException;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.reacting.InstanceSnapshot;
import dev.annals.engine.reacting.InstanceSnapshot.Status;
import dev.annals.engine.reacting.ProcessBinding;
import dev.annals.engine.reacting.ProcessCommandId;
import dev.annals.query.routing.WaitingRequests;
import dev.annals.query.table.RecordDecoder;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/** The journals of a process's instances. Thread-safe. */
public final class JournalTable extends StreamTable {

    private final ProcessBinding<?> process;
    private final RecordDecoder decoder;

    private JournalTable(ProcessBinding<?> process, TopicTable table, RecordDecoder decoder) {
        super(process.name(), table);
        this.process = process;
        this.decoder = decoder;
    }

    public static JournalTable of(ProcessBinding<?> process, Topics topics, RecordDecoder decoder) {
        TopicTable table = new TopicTable(
                new Topics("").journal(process.name()), topics.journal(process.name()), TopicTable.Phase.OPEN);
        return new JournalTable(process, table, decoder);
    }

    public ProcessBinding<?> process() {
        return process;
    }

    @Override
    public Schema stateSchema() {
        return process.stateSchema();
    }

    @Override
    public String requireValid(String id) {
        if (!ProcessCommandId.isValid(name(), id)) {
            throw ProblemException.of(
                    400, "invalid-id", "instance id '%s': expected %s".formatted(id, ProcessCommandId.rule(name())));
        }
        return id;
    }

    @Override
    String records() {
        return "entries";
    }

    @Override
    ProblemException absent(String what) {
        return ProblemException.of(404, "instance-not-found", what);
    }

    @Override
    boolean isSummary(StoredRecord entry) {
        return false;
    }

    @Override
    public List<Response.Body> items(StoredRecord entry) {
        GenericRecord data = entry(entry);
        return List.of(json -> write(entry, data, json, more -> {}));
    }

    /** As it was written. */
    public GenericRecord entry(StoredRecord entry) {
        return (GenericRecord) decoder.decode(table().topic(), entry);
    }

    /**
     * The instance as it is or was, folded from its first entry on.
     *
     * @throws ProblemException 410 if an entry was erased; 503 if one is newer than this release knows
     */
    @Override
    @Nullable
    Folded state(Shard shard, String id, AsOf asOf) {
        List<GenericRecord> entries = entries(shard, id, asOf);
        if (entries.isEmpty()) {
            return null;
        }
        try {
            return new FoldedInstance(InstanceSnapshot.of(process, id, entries));
        } catch (UnknownRecordException e) {
            throw WaitingRequests.unavailable(String.valueOf(e.getMessage()));
        }
    }

    private List<GenericRecord> entries(Shard shard, String id, AsOf asOf) {
        List<GenericRecord> entries = new ArrayList<>();
        try (Shard.Range stream = stream(shard, id, 1)) {
            while (stream.hasNext()) {
                StoredRecord next = stream.next();
                long expected = entries.size() + 1L;
                if (!asOf.includes(expected, next)) {
                    break;
                }
                if (EventKey.parse(next.key()).version() != expected) {
                    throw ProblemException.of(
                            410,
                            "event-erased",
                            "%s was erased, and an instance can't be folded without it"
                                    .formatted(id(new EventKey(id, expected))));
                }
                entries.add(entry(next));
            }
        }
        return entries;
    }

    private record FoldedInstance(InstanceSnapshot instance) implements Folded {

        @Override
        public long version() {
            return instance.version();
        }

        @Override
        public IndexedRecord state() {
            return instance.state();
        }

        @Override
        public void writeMore(JsonGenerator json) throws IOException {
            instance.writeMore(json);
        }
    }

    /** What the last entry of an instance says of it. */
    public record Head(
            EventKey key,
            Status status,
            @Nullable Instant time,
            @Nullable String reason) {}

    public Head head(StoredRecord last) {
        GenericRecord entry = entry(last);
        return new Head(EventKey.parse(last.key()), Status.after(entry), time(last), InstanceSnapshot.reason(entry));
    }
}
