package dev.annals.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
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
    void whoever_has_more_on_its_class_path_uses_the_shared_archive_and_makes_none(@TempDir Path folder)
            throws IOException {
        JvmCommand more = new JvmCommand("a service", "lib/*:more.jar", List.of(), "Main", List.of(), Path.of("a.log"));
        ClassArchive shared = new ClassArchive(folder, "a-service", "lib/*", ClassArchive.Kind.ofThisJava());

        assertThat(command.withClassArchive(folder, "lib/*").jvmOptions())
                .anyMatch(option -> option.matches("-XX:(AOTCacheOutput=.*|\\+AutoCreateSharedArchive)"));
        assertThat(more.withClassArchive(folder, "lib/*").jvmOptions())
                .noneMatch(option -> option.matches("-XX:(AOTCacheOutput=.*|\\+AutoCreateSharedArchive)"))
                .containsAll(shared.options(false));
    }
}
