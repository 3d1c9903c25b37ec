package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.checker.cluster.Placement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The disk of the broker takes seconds to keep what it is given. */
final class SlowFsync implements FaultScenario {

    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(60);
    private static final int COMPILER_LIMIT_SECONDS = 60;
    private static final int LEAST_MILLIS = 500;
    private static final int MOST_MILLIS = 3_000;

    @Override
    public String name() {
        return "slow-fsync";
    }

    @Override
    public String expectation() {
        return "each fsync of the broker, one every 100 records of a log, takes 0.5 to 3 s for a while: answers are late,"
                + " nothing is lost or done twice, and all partitions decide within 60 s of its end";
    }

    @Override
    public Optional<String> obstacle() {
        return Files.isExecutable(Path.of("/usr/bin/gcc")) ? Optional.empty() : Optional.of("there is no gcc");
    }

    @Override
    public Stage stage(Path folder, long seed) throws Exception {
        Path library = compiled(folder);
        Path pause = folder.resolve("fsync-millis");
        return new Stage() {
            @Override
            public Layout layout() {
                return Layout.of(2)
                        .withBrokerSetting("log.flush.interval.messages", "100")
                        .placing(
                                Layout.BROKER + 1,
                                Placement.LOOPBACK.withLauncher(
                                        List.of("env", "LD_PRELOAD=" + library, "FSYNC_MILLIS_FILE=" + pause)));
            }

            @Override
            public void disturb(FaultRun run) throws Exception {
                while (run.goesOn()) {
                    run.pause(Duration.ofSeconds(2), Duration.ofSeconds(8));
                    int millis = run.random().nextInt(LEAST_MILLIS, MOST_MILLIS);
                    Files.writeString(pause, Integer.toString(millis));
                    long from = System.nanoTime();
                    run.pause(Duration.ofSeconds(8), Duration.ofSeconds(20));
                    run.saw("%d ms an fsync for %s: %,d answers"
                            .formatted(
                                    millis,
                                    FaultRun.text(Duration.ofNanos(System.nanoTime() - from)),
                                    run.calls(from, System.nanoTime()).size()));
                    Files.delete(pause);
                    run.awaitDecisions(RECOVERED_WITHIN, "fsync is quick again");
                }
            }
        };
    }

    /** A library that stands before the C library's, made here, since it is of the machine's kind. */
    private static Path compiled(Path folder) throws IOException, InterruptedException {
        Path source = folder.resolve("slow-fsync.c");
        Path library = folder.resolve("slow-fsync.so");
        try (InputStream in = Objects.requireNonNull(SlowFsync.class.getResourceAsStream("slow-fsync.c"))) {
            Files.copy(in, source);
        }
        Process gcc = new ProcessBuilder(
                        "gcc", "-shared", "-fPIC", "-O2", "-o", library.toString(), source.toString(), "-ldl")
                .inheritIO()
                .start();
        if (!gcc.waitFor(COMPILER_LIMIT_SECONDS, TimeUnit.SECONDS) || gcc.exitValue() != 0) {
            throw new IOException("gcc could not compile " + source);
        }
        return library;
    }
}
