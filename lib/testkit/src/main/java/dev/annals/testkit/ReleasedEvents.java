package dev.annals.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.annals.api.AggregateType;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.json.AvroToJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.DynamicTest;

/**
 * Events as the releases of a domain wrote them, kept as bytes, and tests that today's build reads all of them.
 *
 * <p>A release has a folder of its name with two files for each event type. {@code <Event>.avro}, an Avro container
 * file with the schema of then, never changes. {@code <Event>.json} says what its records mean today, so it changes
 * where a schema or an upcaster gives them another meaning: a failed test writes what it found to
 * {@code target/released}, to be looked at and, if that was the intention, copied.
 *
 * <p>With the system property {@value #RELEASE} ({@code mvn test -Dtest=OrdersContractTest -Dannals.release=0.2.0})
 * what this build writes is kept first, as that release. The values are made of the schemas: absent, least, greatest
 * and ordinary ones.
 */
record ReleasedEvents<E>(AggregateBinding<?, ?, E> binding, Path folder) {

    private static final String RELEASE = "annals.release";

    private static final Path FOUND = Path.of("target", "released");
    private static final byte[] SYNC = new byte[16];
    private static final ObjectMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** @param folder of all releases of this domain; relative to the module */
    static <C, S extends Record, E> ReleasedEvents<E> of(AggregateType<C, S, E> type, Path folder) {
        return new ReleasedEvents<>(AggregateBinding.of(type), folder);
    }

    /** A test for each event type of each release; none where no release is kept yet. */
    Stream<DynamicTest> tests() {
        String release = System.getProperty(RELEASE);
        if (release != null) {
            keep(release);
        }
        return files().stream()
                .map(file -> DynamicTest.dynamicTest(folder.relativize(file).toString(), () -> check(file)));
    }

    private List<Path> files() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(".avro"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @throws IllegalArgumentException if the release is kept already: it never changes
     * @throws IllegalStateException if the domain refuses all values of a type that its schema allows
     */
    void keep(String release) {
        Path kept = folder.resolve(release);
        if (Files.exists(kept)) {
            throw new IllegalArgumentException("a release never changes, and this one is kept already: " + kept);
        }
        try {
            Files.createDirectories(kept);
            for (Schema schema : binding.eventSchemas()) {
                keep(schema, kept.resolve(schema.getName() + ".avro"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is expected is made of the sample itself, without the domain's classes between. */
    private void keep(Schema schema, Path file) throws IOException {
        ArrayNode meanings = JSON.createArrayNode();
        try (var writer = new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, Files.newOutputStream(file), SYNC.clone());
            for (GenericRecord sample : Extremes.of(schema)) {
                if (isWritable(sample)) {
                    for (E event : binding.events(sample)) {
                        writer.append(binding.toAvro(event));
                    }
                    meanings.addArray().add(meaning(sample));
                }
            }
        }
        if (meanings.isEmpty()) {
            throw new IllegalStateException(
                    "%s refuses every value that its schema has extremes of".formatted(schema.getFullName()));
        }
        JSON.writeValue(golden(file).toFile(), meanings);
    }

    /** What the domain's record refuses was never written. */
    private boolean isWritable(GenericRecord sample) {
        try {
            return !binding.events(sample).isEmpty();
        } catch (BindingException e) {
            return false;
        }
    }

    private void check(Path file) throws IOException {
        ArrayNode found = JSON.createArrayNode();
        for (GenericRecord stored : read(file)) {
            ArrayNode today = found.addArray();
            binding.events(stored).forEach(event -> today.add(meaning(binding.toAvro(event))));
        }
        JsonNode expected = JSON.readTree(golden(file).toFile());
        if (!found.equals(expected)) {
            Path copy = FOUND.resolve(folder.relativize(golden(file)));
            Files.createDirectories(copy.getParent());
            JSON.writeValue(copy.toFile(), found);
            Assertions.assertThat(found.toPrettyString())
                    .as("what %s means today; if this is meant, copy %s", file, copy)
                    .isEqualTo(expected.toPrettyString());
        }
    }

    private static List<GenericRecord> read(Path file) throws IOException {
        List<GenericRecord> records = new ArrayList<>();
        try (var reader = new DataFileReader<GenericRecord>(file.toFile(), new GenericDatumReader<>())) {
            reader.forEach(records::add);
        }
        return records;
    }

    private static Path golden(Path file) {
        return file.resolveSibling(file.getFileName().toString().replace(".avro", ".json"));
    }

    private static JsonNode meaning(IndexedRecord event) {
        return JSON.createObjectNode()
                .put("type", event.getSchema().getFullName())
                .set("data", AvroToJson.toTree(event));
    }
}
