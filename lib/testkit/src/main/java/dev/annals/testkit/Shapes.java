package dev.annals.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.annals.api.Domain;
import dev.annals.api.GroupedView;
import dev.annals.api.JoinedView;
import dev.annals.api.JoinedView.Side;
import dev.annals.api.View;
import dev.annals.engine.avro.DerivedSchema;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Reminds the author of a domain to raise a version: holds the records of the decider's state, of the processes'
 * states, the views' rows and their parts against the file {@code src/test/resources/shapes/<aggregate type>.txt},
 * which has one line of each, with the version and a fingerprint of the components.
 *
 * <p>The same test writes the file when it runs with {@code -Dannals.shapes.record=true}. It never records a new shape
 * under an old version. Code that makes other values of the same shape is beyond it.
 */
final class Shapes {

    private static final String RECORD = "annals.shapes.record";
    private static final String HOW = "record it by running this test once with -D" + RECORD + "=true";

    private final Class<? extends Domain> domain;
    private final String file;
    private final Map<String, Shape> shapes;

    /** @param raisedBy what the author overrides */
    private record Shape(int version, String fingerprint, String raisedBy) {

        String line(String name) {
            return "%s %d %s".formatted(name, version, fingerprint);
        }
    }

    private Shapes(Domain domain) {
        this.domain = domain.getClass();
        this.file = "shapes/" + domain.aggregate().name() + ".txt";
        this.shapes = shapes(domain);
    }

    static Shapes of(Domain domain) {
        return new Shapes(domain);
    }

    private static Map<String, Shape> shapes(Domain domain) {
        Map<String, Shape> all = new TreeMap<>();
        var type = domain.aggregate();
        all.put("state:" + type.name(), shape(type.decider().version(), type.state(), "Decider.version()"));
        domain.processes()
                .forEach(process -> all.put(
                        "process:" + process.name(),
                        shape(process.version(), process.state(), "ProcessManager.version()")));
        for (View<?, ?> view : domain.views()) {
            add(all, view, "row", view.row());
            switch (view) {
                case GroupedView<?, ?, ?> grouped -> add(all, view, "part", grouped.part());
                case JoinedView<?> joined ->
                    joined.sides().forEach(side -> add(all, view, "part:" + name(side), side.part()));
                default -> {}
            }
        }
        return all;
    }

    private static String name(Side<?, ?, ?> side) {
        return side.events().getSimpleName();
    }

    private static void add(Map<String, Shape> all, View<?, ?> view, String role, Class<? extends Record> type) {
        all.put("%s:%s".formatted(role, view.name()), shape(view.version(), type, "View.version()"));
    }

    /** Of names, types and logical types: what {@code DerivedSchema} makes of the components. */
    private static Shape shape(int version, Class<? extends Record> type, String raisedBy) {
        long fingerprint = SchemaNormalization.fingerprint64(
                DerivedSchema.of(type).toString().getBytes(UTF_8));
        return new Shape(version, "%016x".formatted(fingerprint), raisedBy);
    }

    /**
     * Compares, or records where the property says so.
     *
     * @throws AssertionError if a version must be raised, or what there is isn't recorded; says which and what to do
     */
    void assertRecorded() {
        String recorded = read();
        List<String> problems = problems(recorded);
        if (Boolean.getBoolean(RECORD) && problems.stream().allMatch(problem -> problem.endsWith(HOW))) {
            write();
        } else if (!problems.isEmpty()) {
            throw new AssertionError(String.join("\n", problems));
        }
    }

    /** What is wrong with a recorded file; null: there is none. */
    List<String> problems(@Nullable String recorded) {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        if (recorded != null) {
            recorded.lines().forEach(line -> {
                List<String> words = List.of(line.split(" "));
                lines.put(words.getFirst(), words);
            });
        }
        List<String> problems = new ArrayList<>();
        shapes.forEach((name, shape) -> {
            String problem = problem(name, shape, lines.remove(name));
            if (problem != null) {
                problems.add(problem);
            }
        });
        lines.keySet().forEach(name -> problems.add("%s: %s is gone; %s".formatted(file, name, HOW)));
        return problems;
    }

    private @Nullable String problem(String name, Shape now, @Nullable List<String> recorded) {
        if (recorded == null) {
            return "%s: %s is not recorded; %s".formatted(file, name, HOW);
        }
        int version = Integer.parseInt(recorded.get(1));
        boolean changed = !recorded.get(2).equals(now.fingerprint);
        if (now.version < version) {
            return "%s: %s has version %d, it had %d before; versions are only raised"
                    .formatted(file, name, now.version, version);
        }
        if (changed && now.version == version) {
            return "%s: the shape of %s changed, but %s did not: raise it above %d, then %s"
                    .formatted(file, name, now.raisedBy, version, HOW.replace("it by", "both by"));
        }
        return changed || now.version > version
                ? "%s: version %d of %s is not recorded; %s".formatted(file, now.version, name, HOW)
                : null;
    }

    private @Nullable String read() {
        try (InputStream in = domain.getClassLoader().getResourceAsStream(file)) {
            return in == null ? null : new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    String lines() {
        StringBuilder lines = new StringBuilder();
        shapes.forEach((name, shape) -> lines.append(shape.line(name)).append('\n'));
        return lines.toString();
    }

    /** Tests run in the folder of their module. */
    private void write() {
        Path path = Path.of("src/test/resources").resolve(file);
        try {
            Files.createDirectories(path.getParent());
            Files.writeString(path, lines());
        } catch (IOException e) {
            throw new UncheckedIOException(path.toString(), e);
        }
    }
}
