package dev.annals.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class JvmProcessIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void a_stopped_process_ends_in_order_and_a_killed_one_does_not() {
        try (JvmProcess process = tidy()) {
            process.start();
            process.stop();
            assertThat(folder.resolve("tidied")).exists();
        }
        try (JvmProcess process = tidy()) {
            process.start();
            process.kill();
            assertThat(folder.resolve("tidied")).doesNotExist();
        }
    }

    @Test
    void a_variable_that_is_hidden_does_not_reach_the_child() throws Exception {
        JvmCommand command = new JvmCommand(
                "environment",
                JvmCommand.ownClassPath(),
                List.of(),
                Environment.class.getName(),
                List.of("PATH"),
                folder.resolve("environment.log"));

        assertThat(command.start(Lifetime.WITH_PARENT).waitFor()).as("has it").isZero();
        assertThat(command.start(Lifetime.WITH_PARENT, Set.of("PATH")).waitFor())
                .as("has it not")
                .isEqualTo(1);
    }

    private JvmProcess tidy() {
        JvmCommand command = new JvmCommand(
                "tidy",
                JvmCommand.ownClassPath(),
                List.of(),
                Tidy.class.getName(),
                List.of(folder.toString()),
                folder.resolve("tidy.log"));
        return new JvmProcess(command, () -> Files.exists(folder.resolve("started")), LIMIT, LIMIT);
    }

    /** Ends with 0 if it has a variable. */
    static final class Environment {
        public static void main(String[] args) {
            System.exit(System.getenv(args[0]) == null ? 1 : 0);
        }
    }

    /** Takes its time to end in order. */
    static final class Tidy {
        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            Files.deleteIfExists(folder.resolve("tidied"));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> tidy(folder)));
            Files.createFile(folder.resolve("started"));
            Thread.currentThread().join(Duration.ofMinutes(1));
        }

        private static void tidy(Path folder) {
            try {
                Thread.sleep(Duration.ofMillis(500));
                Files.delete(folder.resolve("started"));
                Files.createFile(folder.resolve("tidied"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
