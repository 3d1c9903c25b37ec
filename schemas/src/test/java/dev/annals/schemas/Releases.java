package dev.annals.schemas;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;
import org.jspecify.annotations.Nullable;

/**
 * Compares schemas with released ones: BACKWARD, as the registry checks it. Data that was written with a released
 * schema must be readable with the current one: that of the same name, or the one that has this name as an alias. No
 * released schema may be gone otherwise.
 */
final class Releases {

    private static final String ROWS = "/avro/views/";

    private Releases() {}

    /** What breaks the release in {@code released}, one line each; folders that hold {@code avro/**.avsc}. */
    static List<String> breaksOf(Path released, Path current) throws IOException {
        List<String> breaks = new ArrayList<>();
        try (URLClassLoader old = only(released);
                URLClassLoader now = only(current)) {
            Map<String, Schema> readers = byNameAndAlias(current, now);
            for (String file : schemaFiles(released)) {
                Schema writer = SchemaCatalog.load(file, old);
                Schema reader = readers.get(writer.getFullName());
                if (reader == null) {
                    breaks.add("%s: %s was released, but is gone, and no schema has it as an alias"
                            .formatted(file, writer.getFullName()));
                } else {
                    breaks.addAll(breaksOf(file, writer, reader));
                }
            }
        }
        return breaks;
    }

    private static Map<String, Schema> byNameAndAlias(Path folder, ClassLoader loader) throws IOException {
        Map<String, Schema> schemas = new HashMap<>();
        for (String file : schemaFiles(folder)) {
            Schema schema = SchemaCatalog.load(file, loader);
            schemas.put(schema.getFullName(), schema);
            schema.getAliases().forEach(alias -> schemas.putIfAbsent(alias, schema));
        }
        return schemas;
    }

    /** Resource paths of all schemas in a folder, sorted. */
    static List<String> schemaFiles(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".avsc"))
                    .map(file -> "/" + folder.relativize(file).toString().replace('\\', '/'))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> breaksOf(String file, Schema writer, Schema reader) {
        SchemaPairCompatibility pair = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        if (pair.getType() == SchemaCompatibilityType.COMPATIBLE) {
            return logicalBreaksOf(file, writer, reader);
        }
        return pair.getResult().getIncompatibilities().stream()
                .map(it -> "%s: %s at %s: %s".formatted(file, it.getType(), it.getLocation(), it.getMessage()))
                .toList();
    }

    /** Avro does not compare logical types: bytes of another scale, or micros read as millis, pass its check. */
    private static List<String> logicalBreaksOf(String file, Schema writer, Schema reader) {
        List<String> breaks = new ArrayList<>();
        if (writer.getType() == Schema.Type.RECORD) {
            for (Schema.Field field : reader.getFields()) {
                Schema.Field written = written(field, writer);
                String was = written == null ? "" : meaning(written.schema());
                String is = meaning(field.schema());
                if (written != null && !was.equals(is) && !isRowThatTookUpMillis(file, was, is)) {
                    breaks.add("%s: field %s was %s, is %s".formatted(file, written.name(), was, is));
                }
            }
        }
        return breaks;
    }

    /**
     * Rows are in one schema a topic, and its readers take that one: a row that comes out otherwise comes in the topic
     * of another generation. Nothing else of them may change its meaning, since rows are compared over generations.
     */
    private static boolean isRowThatTookUpMillis(String file, String was, String is) {
        return file.startsWith(ROWS)
                && was.replace("timestamp-micros", "timestamp-millis").equals(is);
    }

    /** What is read as a field: that of its name, else of an alias. */
    private static Schema.@Nullable Field written(Schema.Field field, Schema writer) {
        return Stream.concat(Stream.of(field.name()), field.aliases().stream())
                .map(writer::getField)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * The logical type of a field or of its elements, with precision and scale; that of a union does not name its null.
     */
    private static String meaning(Schema schema) {
        return switch (schema.getType()) {
            case UNION ->
                schema.getTypes().stream()
                        .map(Releases::meaning)
                        .filter(it -> !it.isEmpty())
                        .sorted()
                        .collect(Collectors.joining(" or "));
            case ARRAY -> meaning(schema.getElementType());
            case MAP -> meaning(schema.getValueType());
            default -> schema.getLogicalType() == null ? "" : new TreeMap<>(schema.getObjectProps()).toString();
        };
    }

    /** A loader that sees this folder and nothing else, so that references stay inside one release. */
    private static URLClassLoader only(Path folder) throws IOException {
        return new URLClassLoader(new URL[] {folder.toUri().toURL()}, null);
    }
}
