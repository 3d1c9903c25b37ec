package dev.annals.schemas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps the schemas of a release, so that {@link ReleasedSchemasTest} holds later ones against them. Run once a
 * release, in the repository's root:
 *
 * <pre>java schemas/src/test/java/dev/annals/schemas/ReleaseSchemas.java 0.1.0</pre>
 *
 * <p>What a release writes with them is kept by the domains: CONTRIBUTING.md, "Make a release".
 */
final class ReleaseSchemas {

    private static final Path CURRENT = Path.of("schemas/src/main/resources/avro");
    private static final Path RELEASED = Path.of("schemas/src/test/resources/released");

    private ReleaseSchemas() {}

    public static void main(String... args) throws IOException {
        if (args.length != 1 || !args[0].matches("\\d+\\.\\d+\\.\\d+")) {
            throw new IllegalArgumentException("expected the version of the release, for instance 0.2.0");
        }
        Path target = RELEASED.resolve(args[0]).resolve("avro");
        if (Files.exists(target)) {
            throw new IllegalArgumentException("a release never changes, and this one is kept already: " + target);
        }
        copy(CURRENT, target);
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path copy = to.resolve(from.relativize(file));
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
    }
}
