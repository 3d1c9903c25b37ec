package dev.annals.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class JvmCommandTest {

    private static final String USERS = "-XX:-ExitOnOutOfMemoryError";

    private final JvmCommand command =
            new JvmCommand("a service", "lib/*", List.of("-Xmx64m"), "a.Service", List.of(), Path.of("a.log"));

    @ParameterizedTest
    @EnumSource(Lifetime.class)
    void every_jvm_ends_when_it_is_out_of_memory_unless_the_user_says_otherwise(Lifetime lifetime) {
        assertThat(command.withJvmOptions(List.of(USERS)).commandLine(lifetime))
                .containsSubsequence("-XX:+ExitOnOutOfMemoryError", "-Xmx64m", USERS, "a.Service");
    }

    @Test
    void a_class_archive_is_kept_until_a_jar_is_newer(@TempDir Path folder) throws IOException {
        Path jar = Files.createFile(folder.resolve("some.jar"));
        JvmCommand started =
                new JvmCommand("a service", jar.toString(), List.of(), "Main", List.of(), Path.of("a.log"));
        Path archives = folder.resolve("archives");
        Path archive = archive(started.withClassArchive(archives, jar.toString()));
        assertThat(archive.getParent()).isEqualTo(archives).isDirectory();
        Files.createFile(archive);
        Path anothers = Files.createFile(archives.resolve("another-service-1.jsa"));

        Files.setLastModifiedTime(jar, FileTime.fromMillis(archive.toFile().lastModified()));
        assertThat(archive(started.withClassArchive(archives, jar.toString())))
                .isEqualTo(archive)
                .exists();

        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(archive(started.withClassArchive(archives, jar.toString()))).doesNotExist();
        assertThat(anothers).exists();
    }

    private static Path archive(JvmCommand started) {
        String prefix = "-XX:SharedArchiveFile=";
        return started.jvmOptions().stream()
                .filter(option -> option.startsWith(prefix))
                .map(option -> Path.of(option.substring(prefix.length())))
                .findAny()
                .orElseThrow();
    }

    @Test
    void whoever_has_more_on_its_class_path_uses_the_shared_archive_and_makes_none(@TempDir Path folder) {
        JvmCommand more = new JvmCommand("a service", "lib/*:more.jar", List.of(), "Main", List.of(), Path.of("a.log"));

        assertThat(archive(more.withClassArchive(folder, "lib/*")))
                .isEqualTo(archive(command.withClassArchive(folder, "lib/*")))
                .isNotEqualTo(archive(more.withClassArchive(folder, "lib/*:more.jar")));
        assertThat(command.withClassArchive(folder, "lib/*").jvmOptions()).contains("-XX:+AutoCreateSharedArchive");
        assertThat(more.withClassArchive(folder, "lib/*").jvmOptions()).contains("-XX:-AutoCreateSharedArchive");
    }
}
