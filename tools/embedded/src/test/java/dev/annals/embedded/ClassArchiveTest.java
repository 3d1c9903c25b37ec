package dev.annals.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.embedded.ClassArchive.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClassArchiveTest {

    private static final byte[] COMPLETE = {0, 0, 0, 1};
    private static final byte[] BEGUN = {0, 0, 0, 0, 1};

    @TempDir
    Path folder;

    private Path jar;

    @BeforeEach
    void makeJar() throws IOException {
        jar = Files.createFile(folder.resolve("some.jar"));
    }

    private ClassArchive archive(Kind kind) {
        return new ClassArchive(folder.resolve("archives"), "a-service", jar.toString(), kind);
    }

    private static Path file(List<String> options) {
        return options.stream()
                .filter(option -> option.matches("-XX:(SharedArchiveFile|AOTCache|AOTCacheOutput)=.*"))
                .map(option -> Path.of(option.substring(option.indexOf('=') + 1)))
                .findAny()
                .orElseThrow();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void is_kept_until_a_jar_is_newer(Kind kind) throws IOException {
        Path made = Files.write(file(archive(kind).options(true)), COMPLETE);
        Path anothers = Files.createFile(made.resolveSibling("another-service-1.jsa"));

        Files.setLastModifiedTime(jar, Files.getLastModifiedTime(made));
        assertThat(file(archive(kind).options(true))).isEqualTo(made).exists();

        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(60)));
        assertThat(file(archive(kind).options(true))).doesNotExist();
        assertThat(made).doesNotExist();
        assertThat(anothers).exists();
    }

    @Test
    void a_cache_that_was_cut_off_is_not_used() throws IOException {
        Path cutOff = Files.write(file(archive(Kind.AHEAD_OF_TIME).options(true)), BEGUN);

        assertThat(archive(Kind.AHEAD_OF_TIME).options(true))
                .anyMatch(option -> option.startsWith("-XX:AOTCacheOutput="));
        assertThat(file(archive(Kind.AHEAD_OF_TIME).options(true))).isNotEqualTo(cutOff);
        assertThat(archive(Kind.AHEAD_OF_TIME).options(false)).noneMatch(option -> option.startsWith("-XX:"));
    }

    @Test
    void jvms_that_make_one_at_the_same_time_write_different_files() {
        assertThat(file(archive(Kind.AHEAD_OF_TIME).options(true)))
                .isNotEqualTo(file(archive(Kind.AHEAD_OF_TIME).options(true)));
    }
}
