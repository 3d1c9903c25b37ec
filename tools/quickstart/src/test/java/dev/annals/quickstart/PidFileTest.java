package dev.annals.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PidFileTest {
    @TempDir
    Path folder;

    @Test
    void a_running_process_is_found_again() {
        PidFile file = file();
        file.write(ProcessHandle.current());

        assertThat(file.running()).contains(ProcessHandle.current());
    }

    @Test
    void a_pid_that_now_belongs_to_a_process_that_started_later_is_not_ours() throws Exception {
        PidFile file = file();
        long longAgo =
                ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli() - 60_000;
        Files.writeString(file.path(), ProcessHandle.current().pid() + " " + longAgo);

        assertThat(file.running()).isEmpty();
    }

    @Test
    void a_missing_or_broken_file_means_stopped() throws Exception {
        assertThat(file().running()).isEmpty();

        Files.writeString(file().path(), "17");
        assertThat(file().running()).isEmpty();
    }

    /** The port of a service that was ending was in use for some milliseconds more. */
    @ParameterizedTest
    @CsvSource({"Z, 1, true", "Z, 3, false", "S, 1, false", "R, 40, false"})
    void a_process_has_ended_when_its_last_thread_has(char state, int threads, boolean ended) {
        String stat = "4711 (java (x) Z) %s 1 4711 4711 0 -1 4228364 9 0 0 0 120 30 0 0 20 0 %d 0 5000 0 0"
                .formatted(state, threads);

        assertThat(PidFile.isZombie(stat)).isEqualTo(ended);
    }

    private PidFile file() {
        return new PidFile(folder.resolve("x.pid"));
    }
}
