package dev.annals.schemas;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaPairCompatibility;

/**
 * Compares schemas with released ones: BACKWARD, as the registry checks it. Data that was written with a released schema
 * must be readable with the current one, and no released schema may be gone.
 */
final class Releases {

    private Releases() {}

    /** What breaks the release in {@code released}, one line each; folders that hold {@code avro/**.avsc}. */
    static List<String> breaksOf(Path released, Path current) throws IOException {
        List<String> breaks = new ArrayList<>();
        try (URLClassLoader old = only(released);
                URLClassLoader now = only(current)) {
            for (String file : schemaFiles(released)) {
                if (!SchemaCatalog.contains(file, now)) {
                    breaks.add(file + ": was released, but is gone");
                } else {
                    breaks.addAll(breaksOf(file, SchemaCatalog.load(file, old), SchemaCatalog.load(file, now)));
                }
            }
        }
        return breaks;
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
        if (!writer.getFullName().equals(reader.getFullName())) {
            return List.of("%s: was %s, is %s".formatted(file, writer.getFullName(), reader.getFullName()));
        }
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
        return writer.getType() != Schema.Type.RECORD
                ? List.of()
                : writer.getFields().stream()
                        .filter(field -> reader.getField(field.name()) != null)
                        .filter(field -> !meaning(field.schema())
                                .equals(meaning(reader.getField(field.name()).schema())))
                        .map(field -> "%s: field %s was %s, is %s"
                                .formatted(
                                        file,
                                        field.name(),
                                        meaning(field.schema()),
                                        meaning(reader.getField(field.name()).schema())))
                        .toList();
    }

    /** The logical type of a field or of its elements, with precision and scale; that of a union does not name its null. */
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
