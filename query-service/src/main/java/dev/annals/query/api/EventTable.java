package dev.annals.query.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.api.AggregateType;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.avro.UnknownRecordException;
import dev.annals.engine.deciding.SnapshotCodec;
import dev.annals.engine.deciding.SnapshotCodec.Snapshot;
import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import dev.annals.service.http.Problem;
import dev.annals.service.http.ProblemException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** The events of an aggregate type with their table: streams, and the states that they add up to. Thread-safe. */
final class EventTable<C, S extends Record, E> {

    private final AggregateType<C, S, E> type;
    private final AggregateBinding<C, S, E> binding;
    private final RecordBinding<S> states;
    private final Snapshots<S> snapshots;
    private final TopicTable table;
    private final Decoder decoder;

    /** The state after an event, as a record of {@link #stateBinding}'s schema. */
    record Folded(long version, GenericRecord state) {}

    private EventTable(AggregateType<C, S, E> type, Topics topics, Decoder decoder, int snapshotEvery) {
        this.type = type;
        this.binding = AggregateBinding.of(type);
        this.states = RecordBinding.of(type.state(), DerivedSchema.of(type.state()));
        this.snapshots = new Snapshots<>(this, SnapshotCodec.of(type), snapshotEvery);
        this.table = new TopicTable(
                new Topics("").events(type.name()),
                topics.events(type.name()),
                TopicTable.Phase.OPEN,
                snapshotEvery == 0 ? null : snapshots);
        this.decoder = decoder;
    }

    /** @param snapshotEvery so many events of a stream, its state is kept; 0: never */
    static EventTable<?, ?, ?> of(AggregateType<?, ?, ?> type, Topics topics, Decoder decoder, int snapshotEvery) {
        return new EventTable<>(type, topics, decoder, snapshotEvery);
    }

    String name() {
        return type.name();
    }

    TopicTable table() {
        return table;
    }

    AggregateBinding<C, S, E> binding() {
        return binding;
    }

    RecordBinding<S> stateBinding() {
        return states;
    }

    IndexedRecord decode(StoredRecord event) {
        return decoder.decode(table.topic(), event);
    }

    /** The stream of an aggregate in this shard. */
    static Shard.Range stream(Shard shard, String id, long from) {
        return shard.range(new EventKey(id, from).toBytes(), new EventKey(id, Long.MAX_VALUE).toBytes());
    }

    /** Routes a query of one stream, and has it wait until the stream has a version. */
    Answer answer(
            Router router,
            String id,
            Target target,
            Query.Patience patience,
            Wanted wanted,
            Function<Shard, Answer> here) {
        String what = "%s '%s'".formatted(name(), id);
        // What comes after the event of this version does not wake anybody: it comes with or after that one.
        byte[] awaited = new EventKey(id, Objects.requireNonNullElse(wanted.version(), 1L)).toBytes();
        return router.route(
                table,
                id.getBytes(StandardCharsets.UTF_8),
                target,
                patience,
                wanted.patience(),
                shards -> wanted.answer(
                        patience,
                        what,
                        table.waiters(),
                        awaited,
                        shards,
                        shard -> new Wanted.Seen(
                                wanted.version() == null ? 0 : latest(shard, id), () -> here.apply(shard)),
                        () -> null));
    }

    /** The version of an aggregate; 0 if it has no events. */
    private static long latest(Shard shard, String id) {
        StoredRecord last = shard.last(new EventKey(id, 1).toBytes(), new EventKey(id, Long.MAX_VALUE).toBytes());
        return last == null ? 0 : EventKey.parse(last.key()).version();
    }

    /** Nothing from a version on is an answer, but only of an aggregate that exists. */
    void requireAggregate(Shard shard, String id) {
        try (Shard.Range all = stream(shard, id, 1)) {
            if (!all.hasNext()) {
                shard.requireComplete();
                throw StateQuery.notFound(name(), id);
            }
        }
    }

    /** From a version on. */
    Versions versions(Iterator<StoredRecord> stream, long first) {
        return new Versions(stream, first, this::isSummary);
    }

    /** Of one that this release can't read, no: a history shows it all the same. */
    private boolean isSummary(StoredRecord event) {
        List<IndexedRecord> today = today(decode(event));
        return !today.isEmpty() && isSummary(today.getFirst());
    }

    private boolean isSummary(IndexedRecord event) {
        return binding.isSummary(event.getSchema().getFullName());
    }

    /** A version as it is in answers: its event, or {@code {"version","erased":true,"id"}}. */
    List<Answer.Body> items(String aggregateId, Versions.Version version) {
        StoredRecord event = version.event();
        return event == null
                ? List.of(json -> writeErased(new EventKey(aggregateId, version.number()), json))
                : items(event);
    }

    void writeErased(EventKey key, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("version", key.version());
        json.writeBooleanField("erased", true);
        json.writeStringField("id", id(key));
        json.writeEndObject();
    }

    private String id(EventKey key) {
        return "%s/%s/%d".formatted(name(), key.aggregateId(), key.version());
    }

    /**
     * A stored event as it is in answers: {@code {"version","type","time","id","data","headers"}}, in today's shape.
     *
     * <p>One item mostly. Where an upcaster splits the event, one for each part, and each says which {@code "part"} it is of how many
     * {@code "parts"}. One whose type is retired is shown as it was written, with {@code "retired":true}; a summary says {@code "summary":true}; and one that this release
     * can't read as an event of its domain as it was written too, for a history is where people look when a fold has refused.
     */
    List<Answer.Body> items(StoredRecord event) {
        IndexedRecord stored = decode(event);
        List<IndexedRecord> today = today(stored);
        if (today.isEmpty()) {
            return List.of(json -> write(event, stored, json, () -> json.writeBooleanField("retired", true)));
        }
        if (today.size() == 1) {
            IndexedRecord data = today.getFirst();
            return List.of(json -> write(event, data, json, () -> {
                if (isSummary(data)) {
                    json.writeBooleanField("summary", true);
                }
            }));
        }
        List<Answer.Body> parts = new ArrayList<>(today.size());
        for (IndexedRecord data : today) {
            int part = parts.size() + 1;
            parts.add(json -> write(event, data, json, () -> {
                json.writeNumberField("part", part);
                json.writeNumberField("parts", today.size());
            }));
        }
        return parts;
    }

    private List<IndexedRecord> today(IndexedRecord stored) {
        try {
            return binding.eventRecords(stored);
        } catch (UnknownRecordException | BindingException e) {
            return List.of(stored);
        }
    }

    /** Writes members of an object. */
    private interface Members {
        void write() throws IOException;
    }

    private void write(StoredRecord event, IndexedRecord data, JsonGenerator json, Members more) throws IOException {
        Map<String, @Nullable String> headers = headers(event);
        EventKey key = EventKey.parse(event.key());
        json.writeStartObject();
        json.writeNumberField("version", key.version());
        more.write();
        json.writeStringField("type", data.getSchema().getFullName());
        json.writeStringField("time", headers.get(HeaderName.TIME.key()));
        json.writeStringField("id", Objects.requireNonNullElse(headers.get(HeaderName.ID.key()), id(key)));
        json.writeFieldName("data");
        AvroToJson.write(data, json);
        json.writeObjectFieldStart("headers");
        for (Map.Entry<String, @Nullable String> header : headers.entrySet()) {
            json.writeStringField(header.getKey(), header.getValue());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    /** Of a header that stands twice, the last counts. */
    private static Map<String, @Nullable String> headers(StoredRecord event) {
        Map<String, @Nullable String> headers = new LinkedHashMap<>();
        for (Header header : event.headers()) {
            byte[] value = header.value();
            headers.put(header.key(), value == null ? null : new String(value, StandardCharsets.UTF_8));
        }
        return headers;
    }

    static @Nullable Instant time(StoredRecord event) {
        String time = HeaderName.TIME.in(event.headers());
        return time == null ? null : Instant.parse(time);
    }

    /**
     * The state after the first events of a stream; null where there are none.
     *
     * @throws dev.annals.service.http.ProblemException 410 if one of them was erased, and the decider does not pass over such events, or if
     *     the last of them have expired
     */
    @Nullable
    Folded fold(Shard shard, String id, Until until) {
        Folding folding = folding(snapshots.last(shard, id, until));
        try (Shard.Range events = stream(shard, id, folding.version + 1)) {
            return folding.fold(events, until);
        }
    }

    /** Begins where a snapshot has come to; before the first event if it is null. */
    Folding folding(@Nullable Snapshot<S> from) {
        return from == null ? new Folding(0, type.decider().initial()) : new Folding(from.version(), from.state());
    }

    /** A state on its way along its stream. For one thread. */
    final class Folding {

        private long version;
        private S state;

        private Folding(long version, S state) {
            this.version = version;
            this.state = state;
        }

        long version() {
            return version;
        }

        S state() {
            return state;
        }

        /** Null where there are no events. */
        @Nullable
        Folded fold(Iterator<StoredRecord> events, Until until) {
            boolean goesOn = true;
            while (goesOn && events.hasNext()) {
                goesOn = add(events.next(), until);
            }
            return version == 0 ? null : new Folded(version, states.toAvro(state));
        }

        /** @return whether the event was included */
        boolean add(StoredRecord event, Until until) {
            long next = EventKey.parse(event.key()).version();
            boolean included = until.includes(next, event);
            if (version + 1 < next && (included || until.reaches(version + 1))) {
                skipTo(next, event, until, included);
            }
            if (included) {
                for (E each : events(event)) {
                    state = type.decider().fold(state, each);
                }
                version = next;
            }
            return included;
        }

        /** Versions are missing: expired before a summary, which begins anew, else erased. */
        private void skipTo(long next, StoredRecord event, Until until, boolean included) {
            if (isSummary(event)) {
                if (!included) {
                    throw expired(event, version + 1, next);
                }
                return;
            }
            while (version + 1 < next && (included || until.includes(version + 1, event))) {
                requirePassOver(event, ++version);
            }
        }
    }

    private ProblemException expired(StoredRecord summary, long from, long version) {
        return Problem.of(
                        410,
                        "events-expired",
                        "%s and those after it have expired: what is known begins with version %d, of %s"
                                .formatted(
                                        id(new EventKey(
                                                EventKey.parse(summary.key()).aggregateId(), from)),
                                        version,
                                        time(summary)))
                .with("version", version)
                .asException();
    }

    private void requirePassOver(StoredRecord later, long version) {
        switch (type.decider().erased()) {
            case PASS_OVER -> {}
            case REFUSE ->
                throw Problem.of(
                                410,
                                "event-erased",
                                "%s was erased, and the decider does not say that a state can do without it"
                                        .formatted(id(new EventKey(
                                                EventKey.parse(later.key()).aggregateId(), version))))
                        .asException();
        }
    }

    /** While releases are mixed, an event can be newer than this instance: another one, or this one soon, can answer. */
    private List<E> events(StoredRecord event) {
        try {
            return binding.events(decode(event));
        } catch (UnknownRecordException e) {
            throw Answering.unavailable(String.valueOf(e.getMessage()));
        }
    }
}
