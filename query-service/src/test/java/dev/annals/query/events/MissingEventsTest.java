package dev.annals.query.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.api.MissingEvents;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.query.events.Tallies.Counted;
import dev.annals.query.events.Tallies.Event;
import dev.annals.query.events.Tallies.SummedUp;
import dev.annals.query.events.Versions.Version;
import dev.annals.query.table.RecordDecoder;
import dev.annals.query.table.StoredRecord;
import dev.annals.service.http.Json;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Response;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Streams in whose table events are missing, erased or expired. */
class MissingEventsTest {

    private static final AvroSerdes SERDES = new AvroSerdes(
            "dev.annals.serde.RegistryAvroSerializer",
            "dev.annals.serde.RegistryAvroDeserializer",
            Map.of(
                    "schema.registry.url", "mock://erased-events",
                    "value.subject.name.strategy", "TopicRecordNameStrategy"));

    private static final Instant START = Instant.parse("2011-01-04T10:00:00Z");

    private final EventTable refusing = table(MissingEvents.FAIL);
    private final EventTable passing = table(MissingEvents.SKIP);

    private static EventTable table(MissingEvents missingEvents) {
        return EventTable.of(Tallies.type(missingEvents), new Topics(""), new RecordDecoder(SERDES), 0);
    }

    private static final int SUMMARY = 100;

    /** Each event counts as many pieces as its version; {@link #SUMMARY} sums up to as many. */
    private static List<StoredRecord> stream(long... versions) {
        return Arrays.stream(versions).mapToObj(MissingEventsTest::event).toList();
    }

    private static StoredRecord event(long version) {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.TIME.put(headers, START.plusSeconds(version).toString());
        Event event = version == SUMMARY ? new SummedUp(SUMMARY) : new Counted((int) version, "piece");
        try (Serializer<Object> serializer = SERDES.newSerializer()) {
            Object avro = AggregateBinding.of(Tallies.TYPE).toAvro(event);
            return new StoredRecord(
                    new EventKey("a", version).toBytes(), serializer.serialize("tallies.events", avro), headers);
        }
    }

    private static StateFolder.@Nullable Folded state(EventTable table, long version, long... stream) {
        return table.folder().from(null).over(stream(stream).iterator(), AsOf.version(version));
    }

    private List<String> versions(long first, long... stream) {
        List<String> seen = new ArrayList<>();
        refusing.versions(stream(stream).iterator(), first)
                .forEachRemaining(each -> seen.add(each.number() + (each.event() == null ? " erased" : "")));
        return seen;
    }

    /** Those of {@link #versions} up to a version, the newest first. */
    private List<String> newestFirst(long from, long... stream) {
        List<StoredRecord> all = stream(stream);
        List<StoredRecord> upTo = all.stream()
                .filter(each -> EventKey.parse(each.key()).version() <= from)
                .toList();
        List<String> seen = new ArrayList<>();
        refusing.newestFirst(upTo.reversed().iterator(), upTo.size() < all.size() ? all.get(upTo.size()) : null, from)
                .forEachRemaining(each -> seen.add(each.number() + (each.event() == null ? " erased" : "")));
        return seen;
    }

    @Test
    void the_newest_first_are_the_same_versions() {
        long last = EventKey.MAX_VERSION;
        for (long[] stream : new long[][] {
            {1, 2, 3},
            {3, 6},
            {6},
            {},
            {1, 3, last},
            {1, 2 + EventKey.MAX_GAP},
            {1, 3 + EventKey.MAX_GAP},
            {SUMMARY, SUMMARY + 2},
            {97, SUMMARY, SUMMARY + 2}
        }) {
            assertThat(newestFirst(last, stream))
                    .as(Arrays.toString(stream))
                    .isEqualTo(versions(1, stream).reversed());
        }
    }

    @Test
    void the_newest_first_begin_with_any_version() {
        assertThat(newestFirst(5, 3, 6)).containsExactly("5 erased", "4 erased", "3", "2 erased", "1 erased");
        assertThat(newestFirst(2, 3, 6)).containsExactly("2 erased", "1 erased");
        assertThat(newestFirst(99, 97, SUMMARY)).isEqualTo(newestFirst(97, 97, SUMMARY));
        assertThat(newestFirst(99, SUMMARY)).isEmpty();
    }

    @Test
    void a_stream_has_all_versions_from_the_first_to_the_last_that_has_an_event() {
        assertThat(versions(1, 1, 2, 3)).containsExactly("1", "2", "3");
        assertThat(versions(1, 3, 6)).containsExactly("1 erased", "2 erased", "3", "4 erased", "5 erased", "6");
        assertThat(versions(5, 6)).containsExactly("5 erased", "6");
        assertThat(versions(7)).isEmpty();
    }

    /** Whoever may write events may write one of any version; nobody erases so many in a row. */
    @Test
    @Timeout(30)
    void a_version_far_ahead_of_the_others_is_the_next_one() {
        long far = EventKey.MAX_VERSION;

        assertThat(versions(1, 1, 3, far)).containsExactly("1", "2 erased", "3", Long.toString(far));
        assertThat(versions(1, 1, 2 + EventKey.MAX_GAP)).hasSize(EventKey.MAX_GAP + 2);
        assertThat(state(passing, far, 1, far)).hasToString("Folded[version=%d, state={\"pieces\": 1}]".formatted(far));
        assertThat(state(passing, far - 1, 1, far))
                .hasToString("Folded[version=%d, state={\"pieces\": 1}]".formatted(far - 1));
    }

    @Test
    void an_erased_event_is_shown_as_such_and_not_left_out() {
        assertThat(passing.items("a", new Version(2, null)))
                .singleElement()
                .satisfies(item ->
                        assertThat(json(item)).hasToString("{\"version\":2,\"erased\":true,\"id\":\"tallies/a/2\"}"));
        assertThat(passing.items("a", new Version(2, event(2))))
                .singleElement()
                .satisfies(item -> assertThat(json(item).has("erased")).isFalse());
    }

    @Test
    void a_state_does_without_erased_events_where_the_decider_passes_over_them() {
        assertThat(state(passing, 1, 1, 4, 5)).hasToString("Folded[version=1, state={\"pieces\": 1}]");
        assertThat(state(passing, 2, 1, 4, 5)).hasToString("Folded[version=2, state={\"pieces\": 1}]");
        assertThat(state(passing, 3, 1, 4, 5)).hasToString("Folded[version=3, state={\"pieces\": 1}]");
        assertThat(state(passing, 4, 1, 4, 5)).hasToString("Folded[version=4, state={\"pieces\": 5}]");
        assertThat(state(passing, 9, 1, 4, 5)).hasToString("Folded[version=5, state={\"pieces\": 10}]");
        assertThat(state(passing, 1, 2)).hasToString("Folded[version=1, state={\"pieces\": 0}]");
    }

    @Test
    void a_state_is_gone_with_an_erased_event_where_the_decider_does_not() {
        assertThat(state(refusing, 1, 1, 4, 5)).hasToString("Folded[version=1, state={\"pieces\": 1}]");
        LongStream.rangeClosed(2, 5)
                .forEach(version -> assertThatThrownBy(() -> state(refusing, version, 1, 4, 5))
                        .isInstanceOfSatisfying(ProblemException.class, e -> {
                            assertThat(e.problem().status()).isEqualTo(410);
                            assertThat(e.problem().code()).isEqualTo("event-erased");
                        })
                        .hasMessageContaining("tallies/a/2 was erased"));
    }

    @Test
    void what_has_expired_before_a_summary_is_left_out_of_a_stream() {
        assertThat(versions(1, 100, 101)).containsExactly("100", "101");
        assertThat(versions(1, 1, 2, 100, 102)).containsExactly("1", "2", "100", "101 erased", "102");
        assertThat(versions(50, 100)).containsExactly("100");
        assertThat(versions(100, 100)).containsExactly("100");
        assertThat(versions(98, 99, 100)).containsExactly("98 erased", "99", "100");
    }

    @Test
    void a_summary_is_shown_as_such() {
        assertThat(refusing.items("a", new Version(SUMMARY, event(SUMMARY))))
                .singleElement()
                .satisfies(item ->
                        assertThat(json(item).path("summary").asBoolean()).isTrue());
        assertThat(refusing.items("a", new Version(2, event(2))))
                .singleElement()
                .satisfies(item -> assertThat(json(item).has("summary")).isFalse());
    }

    @Test
    void a_state_begins_anew_with_a_summary() {
        for (EventTable table : List.of(refusing, passing)) {
            assertThat(state(table, 100, 100, 101)).hasToString("Folded[version=100, state={\"pieces\": 100}]");
            assertThat(state(table, 101, 100, 101)).hasToString("Folded[version=101, state={\"pieces\": 201}]");
            assertThat(state(table, 101, 1, 2, 100, 101)).hasToString("Folded[version=101, state={\"pieces\": 201}]");
            assertThat(state(table, 2, 1, 2, 100, 101)).hasToString("Folded[version=2, state={\"pieces\": 3}]");
        }
    }

    @Test
    void a_state_whose_events_have_expired_is_gone() {
        for (EventTable table : List.of(refusing, passing)) {
            assertExpired(() -> state(table, 99, 100, 101), "tallies/a/1 ");
            assertExpired(() -> state(table, 3, 1, 2, 100, 101), "tallies/a/3 ");
            assertExpired(() -> at(table, 50, 100, 101), "tallies/a/1 ");
            assertExpired(() -> at(table, 99, 1, 100), "tallies/a/2 ");
            assertThat(at(table, 100, 100, 101)).hasToString("Folded[version=100, state={\"pieces\": 100}]");
        }
    }

    private static StateFolder.@Nullable Folded at(EventTable table, long seconds, long... stream) {
        return table.folder().from(null).over(stream(stream).iterator(), new AsOf(null, START.plusSeconds(seconds)));
    }

    private static void assertExpired(ThrowingCallable asking, String first) {
        assertThatThrownBy(asking)
                .isInstanceOfSatisfying(ProblemException.class, e -> {
                    assertThat(e.problem().status()).isEqualTo(410);
                    assertThat(e.problem().code()).isEqualTo("events-expired");
                })
                .hasMessageContainingAll(first, "version 100", "of 2011-01-04T10:01:40Z");
    }

    private static JsonNode json(Response.Body item) {
        try {
            return Json.mapper().readTree(Response.json(item).body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
