package dev.annals.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was written with a released schema stays readable, for ever. */
class ReleasedSchemasTest {

    private static final Path CURRENT = Path.of("src/main/resources");
    private static final Path RELEASED = Path.of("src/test/resources/released");
    private static final Path DOMAINS = Path.of("../domains");

    @ParameterizedTest
    @MethodSource("releases")
    void todays_schemas_read_what_a_release_wrote(Path release) throws IOException {
        assertThat(Releases.breaksOf(release, CURRENT)).isEmpty();
    }

    /** Kept and read by the domains themselves. */
    @ParameterizedTest
    @MethodSource("releases")
    void each_domain_of_a_release_keeps_events_of_it_as_bytes(Path release) throws IOException {
        try (Stream<Path> types = Files.list(release.resolve("avro"))) {
            List<Path> domains = types.map(type -> DOMAINS.resolve(type.getFileName()))
                    .filter(Files::isDirectory)
                    .toList();
            assertThat(domains)
                    .isNotEmpty()
                    .allSatisfy(domain -> assertThat(domain.resolve(RELEASED).resolve(release.getFileName()))
                            .isDirectoryContaining("glob:**.avro"));
        }
    }

    @Test
    void the_first_release_is_kept_with_all_its_schemas() throws IOException {
        assertThat(releases()).contains(RELEASED.resolve("0.1.0"));
        assertThat(Releases.schemaFiles(RELEASED.resolve("0.1.0"))).hasSizeGreaterThanOrEqualTo(32);
    }

    static Stream<Path> releases() throws IOException {
        try (Stream<Path> folders = Files.list(RELEASED)) {
            return folders.filter(Files::isDirectory).sorted().toList().stream();
        }
    }
}
