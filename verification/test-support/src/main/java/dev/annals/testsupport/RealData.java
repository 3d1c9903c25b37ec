package dev.annals.testsupport;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Recorded data that does not ship with the sources: it lies beside the repository's root, as {@code ../shared/data}.
 */
public final class RealData {

    private RealData() {}

    /** The file; the calling test is skipped, and says why, where it is missing. */
    public static Path file(String name) {
        Path file = path(name);
        assumeTrue(Files.isReadable(file), () -> "skipped: the recorded data is not on this machine: " + file);
        return file;
    }

    /** The file, for a test that can do with less. */
    public static Optional<Path> find(String name) {
        return Optional.of(path(name)).filter(Files::isReadable);
    }

    private static Path path(String name) {
        return repositoryRoot().resolveSibling("shared").resolve("data").resolve(name);
    }

    /** Tests run in their module's folder; the root is the topmost folder around it that has a pom. */
    private static Path repositoryRoot() {
        Path root = Path.of("").toAbsolutePath();
        for (Path folder = root; folder != null; folder = folder.getParent()) {
            if (Files.exists(folder.resolve("pom.xml"))) {
                root = folder;
            }
        }
        return root;
    }
}
