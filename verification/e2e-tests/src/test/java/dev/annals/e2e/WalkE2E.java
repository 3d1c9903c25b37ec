package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.e2e.Installation.Ran;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sections of the README as a reader types them. */
final class WalkE2E {

    private static final Path README = Path.of("../../README.md");

    @TempDir
    private Path folder;

    @Test
    void seats_that_are_ordered_and_paid_too_late_are_released() throws Exception {
        Installation annals = new Installation(folder);
        try {
            Ran up = annals.up();
            assertThat(up.exitCode()).as(up.toString()).isZero();

            Walk.of(README, "### Order seats, pay late, and have them released").take(annals);

            for (String process : new String[] {"reservations", "transfers"}) {
                Ran verified = annals.run("verify", process, "--json");
                assertThat(verified.exitCode()).as(verified.toString()).isZero();
            }
        } finally {
            annals.stop();
        }
    }
}
