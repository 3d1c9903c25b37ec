package dev.annals.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.api.Domain;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.schemas.SchemaCatalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The Avro schemas of a domain: derived from its commands, events and rows, and recorded as {@code .avsc} files in its
 * resources, where they are reviewed and kept. A test fails when records and files part:
 *
 * <pre>{@code
 * Schemas.of(new OrdersDomain()).assertRecorded();
 * }</pre>
 *
 * <p>The same test writes the files when it runs with {@code -Dannals.schemas.record=true}. A file is merged, never
 * made anew: aliases, defaults, docs and the digits of money that it has stay. What would keep earlier data from being
 * read (a field that is gone, another type, a new field without a default) is refused, recording or not.
 */
public final class Schemas {

    private static final String RECORD = "annals.schemas.record";
    private static final Path OWN_RESOURCES = Path.of("src", "main", "resources");

    private final Domain domain;
    private final Path resources;

    private Schemas(Domain domain, Path resources) {
        this.domain = domain;
        this.resources = resources;
    }

    /** Those in the domain's own jar: in {@code src/main/resources} of the module that the test runs in. */
    public static Schemas of(Domain domain) {
        return new Schemas(domain, OWN_RESOURCES);
    }

    /** Those in the resources of another module, relative to that of the test. */
    public Schemas in(Path otherResources) {
        return new Schemas(domain, otherResources);
    }

    /** Whether this run writes files, so that those on the class path may be old ones. */
    static boolean isRecording() {
        return Boolean.getBoolean(RECORD);
    }

    /**
     * Compares, or records where the property says so.
     *
     * @throws AssertionError if a record and its file differ; says in which field, and what to do
     */
    public void assertRecorded() {
        assertRecorded(isRecording());
    }

    void assertRecorded(boolean recording) {
        List<String> problems = new ArrayList<>();
        Map<String, Schema> derived = DerivedSchema.ofDomain(domain);
        try (URLClassLoader files =
                new ResourcesFirst(resources, domain.getClass().getClassLoader())) {
            derived.values().forEach(schema -> check(schema, files, recording, problems));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!problems.isEmpty()) {
            throw new AssertionError(String.join("\n", problems));
        }
    }

    private void check(Schema derived, ClassLoader files, boolean recording, List<String> problems) {
        String resource = SchemaCatalog.resource(derived.getFullName());
        Path file = resources.resolve(resource);
        ObjectNode recorded =
                Files.exists(file) ? SchemaJson.of(SchemaCatalog.load(derived.getFullName(), files)) : null;
        SchemaMerge merge = new SchemaMerge(derived.getName());
        ObjectNode merged = merge.of(SchemaJson.of(derived), recorded);
        if (!merge.refusals().isEmpty()) {
            merge.refusals().forEach(refusal -> problems.add("%s: %s".formatted(resource, refusal)));
        } else if (!merged.equals(recorded)) {
            if (recording) {
                write(file, SchemaJson.pretty(merged));
            } else {
                problems.add("%s: %s; record it by running this test once with -D%s=true"
                        .formatted(resource, difference(merged, recorded), RECORD));
            }
        }
    }

    private static String difference(ObjectNode merged, @Nullable ObjectNode recorded) {
        return recorded == null
                ? "there is no such file"
                : "the file differs from the record in " + SchemaMerge.difference(merged, recorded);
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, text.getBytes(UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /** Sees the sources before their copies on the class path, which may be older. */
    private static final class ResourcesFirst extends URLClassLoader {

        ResourcesFirst(Path resources, ClassLoader others) throws MalformedURLException {
            super(new URL[] {resources.toAbsolutePath().toUri().toURL()}, others);
        }

        @Override
        public @Nullable InputStream getResourceAsStream(String name) {
            URL own = findResource(name);
            try {
                return own == null ? super.getResourceAsStream(name) : own.openStream();
            } catch (IOException e) {
                throw new UncheckedIOException(name, e);
            }
        }
    }
}
