package dev.annals.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ReleasedEventsTest {

    private @TempDir Path folder;
    private ReleasedEvents<Tallies.Event> released;

    @BeforeEach
    void of_tallies() {
        released = ReleasedEvents.of(Tallies.TYPE, folder);
    }

    private void runAll() throws Throwable {
        for (Executable test : released.tests().map(DynamicTest::getExecutable).toList()) {
            test.execute();
        }
    }

    private void replace(String file, String text, String by) throws IOException {
        Path path = folder.resolve(file);
        String before = Files.readString(path);
        assertThat(before).contains(text);
        Files.writeString(path, before.replace(text, by));
    }

    @Test
    void what_is_kept_is_read_as_it_was() throws Throwable {
        released.keep("1.0.0");

        assertThat(released.tests().map(DynamicTest::getDisplayName))
                .containsExactly("1.0.0/Counted.avro", "1.0.0/Emptied.avro");
        assertThat(Files.readString(folder.resolve("1.0.0/Counted.json")))
                .contains(
                        "\"99999999999999.9999\"",
                        "\"-99999999999999.9999\"",
                        "2147483647",
                        "null",
                        "世界 \\uD83C\\uDFEE")
                .contains("\"9999-12-31T23:59:59.999999Z\"", "\"0001-01-01T00:00:00Z\"", "annals.tallies.Counted");
        runAll();
    }

    @Test
    void another_value_than_expected_fails_and_says_what_was_found() throws IOException {
        released.keep("1.0.0");
        replace("1.0.0/Counted.json", "\"pieces\" : 42", "\"pieces\" : 43");

        assertThatThrownBy(this::runAll)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Counted.avro")
                .hasMessageContaining("\"pieces\" : 42");
        assertThat(Path.of("target/released/1.0.0/Counted.json")).content().contains("\"pieces\" : 42");
    }

    @Test
    void old_shapes_are_what_their_upcasters_make_of_them() throws Throwable {
        Schema schema = SchemaBuilder.record("CountedTwice")
                .namespace("annals.tallies")
                .fields()
                .requiredInt("first")
                .requiredInt("second")
                .endRecord();
        write(
                "0.9.0/CountedTwice",
                new GenericRecordBuilder(schema)
                        .set("first", 1)
                        .set("second", 2)
                        .build());
        write(
                "0.9.0/Glanced",
                new GenericRecordBuilder(SchemaBuilder.record("Glanced")
                                .namespace("annals.tallies")
                                .fields()
                                .endRecord())
                        .build());
        Files.writeString(folder.resolve("0.9.0/Glanced.json"), "[[]]");
        String counted = """
                {"type": "annals.tallies.Counted", "data": {"pieces": %d, "label": null, "price": "0", "at": "1970-01-01T00:00:00Z"}}""";
        Files.writeString(
                folder.resolve("0.9.0/CountedTwice.json"),
                "[[%s, %s]]".formatted(counted.formatted(1), counted.formatted(2)));
        runAll();

        replace("0.9.0/CountedTwice.json", "\"pieces\": 2", "\"pieces\": 1");
        assertThatThrownBy(this::runAll).isInstanceOf(AssertionError.class);
    }

    private void write(String name, GenericRecord record) throws IOException {
        Files.createDirectories(folder.resolve("0.9.0"));
        try (var writer = new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(record.getSchema()))) {
            writer.create(record.getSchema(), folder.resolve(name + ".avro").toFile());
            writer.append(record);
        }
    }

    @Test
    void a_release_is_kept_once() {
        released.keep("1.0.0");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> released.keep("1.0.0"))
                .withMessageContaining("a release never changes");
    }

    @Test
    void without_a_release_there_is_nothing_to_read() {
        assertThat(released.tests()).isEmpty();
    }

    @Test
    void extremes_are_the_same_each_time() throws IOException {
        released.keep("1.0.0");
        released.keep("1.0.1");

        for (String file : List.of("Counted.avro", "Counted.json")) {
            assertThat(Files.readString(folder.resolve("1.0.0/" + file), StandardCharsets.ISO_8859_1))
                    .isEqualTo(Files.readString(folder.resolve("1.0.1/" + file), StandardCharsets.ISO_8859_1));
        }
    }
}
