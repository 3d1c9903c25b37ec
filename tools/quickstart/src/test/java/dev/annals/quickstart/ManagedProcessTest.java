package dev.annals.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManagedProcessTest {

    /** What a process that works well may need on a busy machine. */
    private static final Duration BUSY = Duration.ofSeconds(3);

    @TempDir
    Path folder;

    private final List<Duration> limits = new ArrayList<>();

    @BeforeEach
    void a_process_that_runs() {
        pidFile().write(ProcessHandle.current());
    }

    @Test
    void one_answer_that_got_lost_alarms_nobody() {
        assertThat(answering(false, true).status().state()).isEqualTo(ProcessStatus.State.READY);
    }

    @Test
    void a_process_that_does_not_answer_is_not_ready() {
        assertThat(answering(false, false).status().state()).isEqualTo(ProcessStatus.State.NOT_READY);
        assertThat(limits).allSatisfy(limit -> assertThat(limit).isGreaterThan(BUSY));
    }

    private ManagedProcess answering(boolean... answers) {
        return new ManagedProcess(
                Part.BROKER,
                "127.0.0.1:1",
                List.of(),
                pidFile(),
                folder.resolve("broker.log"),
                () -> {
                    throw new AssertionError("it runs");
                },
                limit -> {
                    limits.add(limit);
                    return answers[limits.size() - 1];
                });
    }

    private PidFile pidFile() {
        return new PidFile(folder.resolve("broker.pid"));
    }
}
