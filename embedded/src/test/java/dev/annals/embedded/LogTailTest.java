package dev.annals.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogTailTest {
    @TempDir
    Path folder;

    @Test
    void the_last_root_cause_wins() throws Exception {
        assertThat(LogTail.cause(log("""
                2026-01-01 ERROR It broke
                java.lang.IllegalStateException: outer
                Caused by: java.net.BindException: Address already in use
                \tat somewhere
                2026-01-01 INFO shutting down
                """))).hasValue("Caused by: java.net.BindException: Address already in use");
    }

    @Test
    void without_a_root_cause_the_last_error_wins() throws Exception {
        assertThat(LogTail.cause(log("INFO fine\nERROR No space left on device\nINFO bye\n")))
                .hasValue("ERROR No space left on device");
    }

    @Test
    void without_an_error_it_is_the_last_line() throws Exception {
        assertThat(LogTail.cause(log("one\ntwo\n\n"))).hasValue("two");
    }

    @Test
    void a_missing_log_has_no_cause() {
        assertThat(LogTail.cause(folder.resolve("none"))).isEmpty();
    }

    private Path log(String text) throws Exception {
        return Files.writeString(folder.resolve("log"), text);
    }
}
