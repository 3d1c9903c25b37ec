package dev.annals.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
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
}
