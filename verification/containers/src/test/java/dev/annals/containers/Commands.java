package dev.annals.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs of this machine, run in the repository's root. */
record Commands(Map<String, String> environment) {

    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

    /** What a program printed, output and errors in one, and how it ended. */
    record Ran(int exitCode, String output) {

        boolean isOk() {
            return exitCode == 0;
        }
    }

    /** One that is still running. */
    record Running(Process process, Path output) {

        /** Ends it at the limit, and fails. */
        Ran await(Duration limit) {
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    end();
                    throw new AssertionError("no end after " + limit + ": " + text());
                }
                return new Ran(process.exitValue(), text());
            } catch (InterruptedException e) {
                end();
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }

        /** What it has printed so far. */
        String text() {
            try {
                return Files.readString(output);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void end() {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    Running start(List<String> command) {
        try {
            Path output = Files.createTempFile("annals-containers", ".txt");
            output.toFile().deleteOnExit();
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(ROOT.toFile()).redirectErrorStream(true);
            builder.environment().putAll(environment);
            return new Running(builder.redirectOutput(output.toFile()).start(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Ran run(Duration limit, List<String> command) {
        return start(command).await(limit);
    }

    /** Whether there is such a program and it ends well. */
    boolean succeeds(Duration limit, String... command) {
        try {
            return run(limit, List.of(command)).isOk();
        } catch (UncheckedIOException thereIsNone) {
            return false;
        }
    }
}
