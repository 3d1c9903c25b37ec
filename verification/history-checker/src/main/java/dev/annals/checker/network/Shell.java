package dev.annals.checker.network;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Commands of the system, each with a limit. */
final class Shell {

    private static final Duration LIMIT = Duration.ofSeconds(20);

    private Shell() {}

    /**
     * Runs a command and returns what it prints.
     *
     * @throws IllegalStateException if it fails; the message has what it printed
     */
    static String run(String... command) {
        return feed("", command);
    }

    /** As {@link #run}, with something to read. */
    static String feed(String input, String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var in = process.outputWriter(UTF_8)) {
                in.write(input);
            }
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("%s failed: %s".formatted(List.of(command), output.strip()));
            }
            return output;
        } catch (IOException e) {
            throw new UncheckedIOException(List.of(command) + " failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + List.of(command), e);
        }
    }
}
