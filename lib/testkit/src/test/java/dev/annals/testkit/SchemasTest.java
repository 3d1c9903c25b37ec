package dev.annals.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.api.Doc;
import dev.annals.testkit.Pots.Soil;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is recorded of records, what stays of a file, and what is refused. */
class SchemasTest {

    private static final String PLANTED = "avro/org/example/garden/pots/Planted.avsc";

    @TempDir
    private Path resources;

    @BeforeEach
    void a_domain_whose_schemas_are_recorded() {
        of(Pots.Event.class).assertRecorded(true);
    }

    private Schemas of(Class<?> events) {
        return Schemas.of(new Pots<>(events, "pots")).in(resources);
    }

    private String planted() throws IOException {
        return Files.readString(resources.resolve(PLANTED));
    }

    private void edit(String text, String by) throws IOException {
        assertThat(planted()).contains(text);
        Files.writeString(resources.resolve(PLANTED), planted().replace(text, by));
    }

    private void assertFails(Class<?> events, boolean recording, String... message) {
        assertThatExceptionOfType(AssertionError.class)
                .isThrownBy(() -> of(events).assertRecorded(recording))
                .withMessageContainingAll(message);
    }

    @Test
    void every_named_type_has_a_file_where_its_full_name_says() throws IOException {
        try (Stream<Path> files = Files.walk(resources)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> resources.relativize(file).toString().replace('\\', '/')))
                    .containsExactlyInAnyOrder(
                            PLANTED,
                            "avro/org/example/garden/pots/Plant.avsc",
                            "avro/org/example/garden/pots/Soil.avsc",
                            "avro/org/example/garden/views/PotRow.avsc");
        }
        assertThat(planted()).isEqualTo("""
                {
                  "type": "record",
                  "name": "Planted",
                  "namespace": "org.example.garden.pots",
                  "doc": "Event: something was planted.",
                  "fields": [
                    {"name": "what", "type": "string", "doc": "What it is."},
                    {
                      "name": "price",
                      "type": ["null", {"type": "bytes", "logicalType": "decimal", "precision": 18, "scale": 4}],
                      "default": null
                    },
                    {"name": "soil", "type": "org.example.garden.pots.Soil"}
                  ]
                }
                """);
    }

    @Test
    void what_is_recorded_passes_and_is_not_written_again() throws IOException {
        edit("\n", "\n\n"); // as an author may format it

        of(Pots.Event.class).assertRecorded(true);

        assertThatCode(() -> of(Pots.Event.class).assertRecorded(false)).doesNotThrowAnyException();
        assertThat(planted()).contains("\n\n");
    }

    sealed interface Priced {
        @Doc("Event: planted, and paid.")
        record Planted(String what, BigDecimal price, Soil soil) implements Priced {}
    }

    @Test
    void a_record_without_a_file_fails_and_says_how_to_record_it() throws IOException {
        Files.delete(resources.resolve(PLANTED));

        assertFails(Pots.Event.class, false, PLANTED, "no such file", "-Dannals.schemas.record=true");
        assertThat(resources.resolve(PLANTED)).doesNotExist();
    }

    sealed interface Commented {
        @Doc("Event: planted, in other words.")
        record Planted(
                String what,
                @Doc("What was paid.") @Nullable BigDecimal price,
                Soil soil,
                @Nullable String by) implements Commented {}
    }

    @Test
    void a_changed_record_fails_until_it_is_recorded() throws IOException {
        assertFails(Commented.class, false, PLANTED, "differs from the record in price, by", "-Dannals.schemas.record");

        of(Commented.class).assertRecorded(true);

        of(Commented.class).assertRecorded(false);
        assertThat(planted())
                .contains("Event: planted, in other words.", "What was paid.", "\"name\": \"by\"")
                .as("a doc that only the file has")
                .contains("What it is.");
    }

    @Test
    void aliases_defaults_docs_and_digits_that_only_the_file_has_stay() throws IOException {
        edit("\"name\": \"what\",", "\"name\": \"what\", \"aliases\": [\"plant\"], \"default\": \"weed\",");
        edit("\"precision\": 18", "\"precision\": 38");
        edit("\"doc\": \"Event", "\"aliases\": [\"Sown\"], \"doc\": \"Event");
        edit("\"default\": null", "\"default\": null, \"doc\": \"Of the pot, too.\"");

        of(Pots.Event.class).assertRecorded(false);
        of(Commented.class).assertRecorded(true);

        assertThat(planted()).contains("\"plant\"", "\"weed\"", "38", "Sown");
    }

    sealed interface Renamed {
        record Planted(String plant, @Nullable BigDecimal price, Soil soil) implements Renamed {}
    }

    @Test
    void a_renamed_field_is_refused_until_the_file_says_its_old_name() throws IOException {
        assertFails(Renamed.class, true, "Planted.plant is new", "Planted.what is in the file only", "aliases");

        edit("\"name\": \"what\",", "\"name\": \"plant\", \"aliases\": [\"what\"],");

        of(Renamed.class).assertRecorded(false);
    }

    sealed interface Longer {
        record Planted(String what, @Nullable BigDecimal price, Soil soil, int depth) implements Longer {}
    }

    @Test
    void a_new_field_that_earlier_events_can_not_have_is_refused_until_the_file_has_a_default() throws IOException {
        assertFails(Longer.class, true, "Planted.depth is new", "@Nullable", "default");

        edit("pots.Soil\"}", "pots.Soil\"}, {\"name\": \"depth\", \"type\": \"int\", \"default\": 1}");

        of(Longer.class).assertRecorded(false);
    }

    sealed interface Retyped {
        record Planted(long what, @Nullable BigDecimal price, Soil soil) implements Retyped {}
    }

    @Test
    void another_type_is_refused() {
        assertFails(Retyped.class, true, "Planted.what is \"long\", but \"string\" in the file", "new field");
        assertFails(Priced.class, true, "Planted.price is", "new field"); // it was optional
    }

    sealed interface Loose {
        record Planted(@Nullable String what, @Nullable BigDecimal price, Soil soil) implements Loose {}
    }

    @Test
    void a_field_may_become_optional() throws IOException {
        of(Loose.class).assertRecorded(true);

        assertThat(planted())
                .contains(
                        "{\"name\": \"what\", \"type\": [\"null\", \"string\"], \"default\": null, \"doc\": \"What it is.\"}");
    }

    @Test
    void a_symbol_that_was_written_once_stays() throws IOException {
        Path soil = resources.resolve("avro/org/example/garden/pots/Soil.avsc");
        Files.writeString(soil, Files.readString(soil).replace("\"SAND\", \"LOAM\"", "\"CLAY\", \"SAND\""));

        assertFails(Pots.Event.class, false, "Soil.avsc", "symbols");
        of(Pots.Event.class).assertRecorded(true);

        assertThat(Files.readString(soil)).contains("[\"CLAY\", \"SAND\", \"LOAM\"]");
    }

    @Test
    void a_row_begins_with_what_annals_fills() throws IOException {
        List<String> lines = Files.readAllLines(resources.resolve("avro/org/example/garden/views/PotRow.avsc"));

        assertThat(lines)
                .containsSubsequence(
                        "    {\"name\": \"id\", \"type\": \"string\", \"doc\": \"Key of the row.\"},",
                        "    {\"name\": \"version\", \"type\": \"long\", \"doc\": \"Version that the row was folded to.\"},",
                        "    {\"name\": \"what\", \"type\": \"string\"}");
    }
}
