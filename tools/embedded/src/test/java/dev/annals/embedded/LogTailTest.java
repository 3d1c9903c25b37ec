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
    void a_later_error_wins_over_an_earlier_root_cause() throws Exception {
        assertThat(LogTail.cause(log("""
                [2026-01-01] WARN no leader yet (o.a.k.NetworkClient)
                org.apache.kafka.common.errors.TimeoutException: late
                Caused by: java.net.ConnectException: refused
                [2026-01-01] ERROR No space left on device (kafka.Log)
                [2026-01-01] INFO State transition from RUNNING to ERROR (kafka.Server)
                \tSuppressed: java.io.IOException: while closing
                """))).hasValue("[2026-01-01] ERROR No space left on device (kafka.Log)");
    }

    @Test
    void an_earlier_run_has_nothing_to_do_with_it() throws Exception {
        String earlier = "ERROR It broke\nCaused by: java.net.BindException: Address already in use\n";
        String beginning = LogTail.beginning("Kafka broker") + "\n";

        assertThat(LogTail.cause(log(earlier + beginning + "starting\n"))).hasValue("starting");
        assertThat(LogTail.cause(log(earlier + beginning))).isEmpty();
    }

    @Test
    void a_missing_log_has_no_cause() {
        assertThat(LogTail.cause(folder.resolve("none"))).isEmpty();
    }

    private Path log(String text) throws Exception {
        return Files.writeString(folder.resolve("log"), text);
    }
}
