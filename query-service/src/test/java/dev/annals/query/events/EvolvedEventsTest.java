package dev.annals.query.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.query.table.RecordDecoder;
import dev.annals.query.table.StoredRecord;
import dev.annals.service.http.Json;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaBuilder.FieldAssembler;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How histories and live events show what earlier releases wrote, and what a newer one did. */
class EvolvedEventsTest {

    private static final AvroSerdes SERDES = new AvroSerdes(
            "dev.annals.serde.RegistryAvroSerializer",
            "dev.annals.serde.RegistryAvroDeserializer",
            Map.of(
                    "schema.registry.url", "mock://evolved-events",
                    "value.subject.name.strategy", "TopicRecordNameStrategy"));

    private final EventTable tallies = EventTable.of(Tallies.TYPE, new Topics(""), new RecordDecoder(SERDES), 0);

    private static FieldAssembler<Schema> schema(String name) {
        return SchemaBuilder.record(name).namespace("annals.tallies").fields();
    }

    private static StoredRecord stored(long version, GenericRecord event) {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.TYPE.put(headers, event.getSchema().getFullName());
        HeaderName.TIME.put(headers, "2011-01-04T10:00:00Z");
        HeaderName.ID.put(headers, "tallies/a/" + version);
        try (Serializer<Object> serializer = SERDES.newSerializer()) {
            return new StoredRecord(
                    new EventKey("a", version).toBytes(), serializer.serialize("tallies.events", event), headers);
        }
    }

    private static StoredRecord countedTwice(long version, int first, int second) {
        return stored(
                version,
                new GenericRecordBuilder(schema("CountedTwice")
                                .requiredInt("first")
                                .requiredInt("second")
                                .endRecord())
                        .set("first", first)
                        .set("second", second)
                        .build());
    }

    private static StoredRecord glanced(long version) {
        return stored(
                version,
                new GenericRecordBuilder(schema("Glanced").requiredString("by").endRecord())
                        .set("by", "ann")
                        .build());
    }

    /** Of a release after this one. */
    private static StoredRecord weighed(long version) {
        return stored(
                version,
                new GenericRecordBuilder(schema("Weighed").requiredInt("grams").endRecord())
                        .set("grams", 9)
                        .build());
    }

    private static JsonNode json(Response.Body item) {
        try {
            return Json.mapper().readTree(Response.json(item).body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<JsonNode> items(StoredRecord event) {
        return tallies.items(event).stream().map(EvolvedEventsTest::json).toList();
    }

    @Test
    void a_renamed_event_is_shown_with_todays_name_and_fields_and_headers_as_they_were() {
        StoredRecord ticked = stored(
                3,
                new GenericRecordBuilder(schema("Ticked").requiredInt("pieces").endRecord())
                        .set("pieces", 5)
                        .build());

        assertThat(items(ticked)).singleElement().hasToString("""
                {"version":3,"type":"annals.tallies.Counted","time":"2011-01-04T10:00:00Z","id":"tallies/a/3",\
                "data":{"pieces":5,"unit":"piece"},\
                "headers":{"ce_type":"annals.tallies.Ticked","ce_time":"2011-01-04T10:00:00Z","ce_id":"tallies/a/3"}}""");
    }

    @Test
    void each_part_of_a_split_event_is_an_item_with_the_version_of_the_record() {
        List<JsonNode> parts = items(countedTwice(7, 1, 2));

        assertThat(parts).hasSize(2).allSatisfy(part -> {
            assertThat(part.get("version").longValue()).isEqualTo(7);
            assertThat(part.get("id").textValue()).isEqualTo("tallies/a/7");
            assertThat(part.get("type").textValue()).isEqualTo("annals.tallies.Counted");
            assertThat(part.get("parts").intValue()).isEqualTo(2);
        });
        assertThat(parts.stream().map(part -> part.get("part").intValue())).containsExactly(1, 2);
        assertThat(parts.stream().map(part -> part.at("/data/pieces").intValue()))
                .containsExactly(1, 2);
    }

    @Test
    void a_retired_event_is_shown_as_it_was_written() {
        assertThat(items(glanced(2))).singleElement().satisfies(item -> {
            assertThat(item.get("retired").booleanValue()).isTrue();
            assertThat(item.get("version").longValue()).isEqualTo(2);
            assertThat(item.get("type").textValue()).isEqualTo("annals.tallies.Glanced");
            assertThat(item.at("/data/by").textValue()).isEqualTo("ann");
        });
    }

    @Test
    void an_event_of_a_newer_release_is_shown_as_it_was_written() {
        assertThat(items(weighed(2))).singleElement().satisfies(item -> {
            assertThat(item.has("retired")).isFalse();
            assertThat(item.get("type").textValue()).isEqualTo("annals.tallies.Weighed");
            assertThat(item.at("/data/grams").intValue()).isEqualTo(9);
        });
    }

    @Test
    void an_event_of_a_newer_release_behind_a_gap_is_shown_too() {
        List<Long> shown = new ArrayList<>();
        tallies.versions(List.of(weighed(3)).iterator(), 2).forEachRemaining(each -> shown.add(each.number()));

        assertThat(shown).containsExactly(2L, 3L);
    }

    @Test
    void a_state_has_all_parts_of_an_event_and_counts_a_retired_one() {
        List<StoredRecord> stream = List.of(countedTwice(1, 1, 2), glanced(2), countedTwice(3, 10, 20));

        assertThat(state(stream, 1)).hasToString("Folded[version=1, state={\"pieces\": 3}]");
        assertThat(state(stream, 2)).hasToString("Folded[version=2, state={\"pieces\": 3}]");
        assertThat(state(stream, 3)).hasToString("Folded[version=3, state={\"pieces\": 33}]");
    }

    @Test
    void a_state_after_an_event_of_a_newer_release_is_not_to_be_had_here() {
        List<StoredRecord> stream = List.of(countedTwice(1, 1, 2), weighed(2), countedTwice(3, 10, 20));

        assertThat(state(stream, 1)).hasToString("Folded[version=1, state={\"pieces\": 3}]");
        assertThatThrownBy(() -> state(stream, 3))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> assertThat(e.problem().status()).isEqualTo(503))
                .hasMessageContaining("annals.tallies.Weighed is no event of tallies that this release knows");
    }

    private StateFolder.@Nullable Folded state(List<StoredRecord> stream, long version) {
        return tallies.folder().from(null).over(stream.iterator(), AsOf.version(version));
    }
}
