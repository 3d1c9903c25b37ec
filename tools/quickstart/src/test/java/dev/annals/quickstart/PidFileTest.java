package dev.annals.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    private PidFile file() {
        return new PidFile(folder.resolve("x.pid"));
    }
}
