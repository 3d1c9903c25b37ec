package dev.annals.query.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.core.avro.AggregateBinding;
import dev.annals.core.avro.DerivedSchema;
import dev.annals.core.avro.RecordBinding;
import dev.annals.core.domain.AggregateType;
import dev.annals.core.json.AvroToJson;
import dev.annals.core.kafka.EventKey;
import dev.annals.core.kafka.HeaderName;
import dev.annals.core.kafka.Topics;
import dev.annals.query.table.Shard;
import dev.annals.query.table.StoredRecord;
import dev.annals.query.table.TopicTable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
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
    private final TopicTable table;
    private final Decoder decoder;

    /** The state after an event, as a record of {@link #stateBinding}'s schema. */
    record Folded(long version, GenericRecord state) {}

    /** Up to where a stream is folded. */
    @FunctionalInterface
    interface Until {
        boolean includes(long version, StoredRecord event);
    }

    private EventTable(AggregateType<C, S, E> type, Topics topics, Decoder decoder) {
        this.type = type;
        this.binding = AggregateBinding.of(type);
        this.states = RecordBinding.of(type.state(), DerivedSchema.of(type.state()));
        this.table = new TopicTable(new Topics("").events(type.name()), topics.events(type.name()));
        this.decoder = decoder;
    }

    static EventTable<?, ?, ?> of(AggregateType<?, ?, ?> type, Topics topics, Decoder decoder) {
        return new EventTable<>(type, topics, decoder);
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
                                wanted.version() == null ? 0 : latest(shard, id), () -> here.apply(shard))));
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

    /** An event as it is in answers: {@code {"version","type","time","id","data","headers"}}. */
    void write(StoredRecord event, JsonGenerator json) throws IOException {
        IndexedRecord data = decode(event);
        Map<String, @Nullable String> headers = headers(event);
        EventKey key = EventKey.parse(event.key());
        json.writeStartObject();
        json.writeNumberField("version", key.version());
        json.writeStringField(
                "type",
                Objects.requireNonNullElse(
                        headers.get(HeaderName.TYPE.key()), data.getSchema().getFullName()));
        json.writeStringField("time", headers.get(HeaderName.TIME.key()));
        json.writeStringField(
                "id",
                Objects.requireNonNullElse(
                        headers.get(HeaderName.ID.key()),
                        "%s/%s/%d".formatted(name(), key.aggregateId(), key.version())));
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

    /** The state after the first events of a stream; null where there are none. An erased event is passed over. */
    @Nullable
    Folded fold(Shard shard, String id, Until until) {
        S state = type.decider().initial();
        long version = 0;
        try (Shard.Range events = stream(shard, id, 1)) {
            while (events.hasNext()) {
                StoredRecord event = events.next();
                long next = EventKey.parse(event.key()).version();
                if (!until.includes(next, event)) {
                    break;
                }
                state = type.decider().evolve(state, binding.event(decode(event)));
                version = next;
            }
        }
        return version == 0 ? null : new Folded(version, states.toAvro(state));
    }
}
