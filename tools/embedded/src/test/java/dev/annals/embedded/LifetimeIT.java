package dev.annals.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LifetimeIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void a_child_of_a_killed_parent_ends_and_a_detached_one_stays() throws Exception {
        Process parent = parentOfTwo().start(Lifetime.WITH_PARENT);
        ProcessHandle bound = child(Lifetime.WITH_PARENT);
        ProcessHandle detached = child(Lifetime.DETACHED);
        try {
            parent.destroyForcibly().waitFor();

            await().atMost(LIMIT).until(() -> !bound.isAlive());
            assertThat(detached.isAlive()).isTrue();
        } finally {
            detached.destroyForcibly();
            bound.destroyForcibly();
        }
    }

    private JvmCommand parentOfTwo() {
        return new JvmCommand(
                "parent",
                JvmCommand.ownClassPath(),
                List.of(),
                Parent.class.getName(),
                List.of(folder.toString()),
                folder.resolve("parent.log"));
    }

    private ProcessHandle child(Lifetime lifetime) throws Exception {
        Path file = folder.resolve(lifetime.name());
        await().atMost(LIMIT).until(() -> Files.exists(file) && Files.size(file) > 0);
        Optional<ProcessHandle> child = ProcessHandle.of(Long.parseLong(Files.readString(file)));
        return child.orElseThrow();
    }

    /** Starts a child of each lifetime and waits to be killed. */
    static final class Parent {
        public static void main(String[] args) throws Exception {
            Path folder = Path.of(args[0]);
            for (Lifetime lifetime : Lifetime.values()) {
                Process child = sleeper(folder, lifetime).start(lifetime);
                Files.writeString(folder.resolve(lifetime.name()), Long.toString(child.pid()));
            }
            Thread.currentThread().join();
        }

        private static JvmCommand sleeper(Path folder, Lifetime lifetime) {
            return new JvmCommand(
                    "sleeper",
                    JvmCommand.ownClassPath(),
                    List.of(),
                    Sleeper.class.getName(),
                    List.of(),
                    folder.resolve(lifetime + ".log"));
        }
    }

    static final class Sleeper {
        public static void main(String[] args) throws Exception {
            Thread.currentThread().join(Duration.ofMinutes(1));
        }
    }
}
