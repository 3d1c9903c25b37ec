package dev.annals.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaunchTest {

    @TempDir
    Path folder;

    @Test
    void a_process_that_neither_becomes_ready_nor_ends_is_named_at_the_limit_and_left_alone() {
        Launch launch = new Launch(List.of(runsAndDoesNotAnswer()), new Silence(), Duration.ZERO);

        assertThatThrownBy(launch::run)
                .isInstanceOf(QuickstartException.class)
                .hasMessageStartingWith(
                        "The command service ran before, and has neither become ready nor ended within 0 s: stop it, then start it again")
                .message()
                .hasLineCount(1);
        assertThat(launch.started()).isEmpty();
    }

    private ManagedProcess runsAndDoesNotAnswer() {
        PidFile pid = new PidFile(folder.resolve("command-service.pid"));
        pid.write(ProcessHandle.current());
        return new ManagedProcess(
                Part.COMMANDS,
                "http://127.0.0.1:1",
                List.of(),
                pid,
                folder.resolve("command-service.log"),
                () -> {
                    throw new AssertionError("it runs");
                },
                limit -> false);
    }

    private static final class Silence implements StartListener {
        @Override
        public void ready(String title, Duration sinceStart) {}

        @Override
        public void waiting(List<String> titles, Duration sinceStart) {}
    }
}
