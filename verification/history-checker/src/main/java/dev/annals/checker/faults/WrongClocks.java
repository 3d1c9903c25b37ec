package dev.annals.checker.faults;

import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.checker.cluster.Layout;
import dev.annals.checker.cluster.Placement;
import dev.annals.checker.faults.FaultScenario.Stage;
import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.embedded.JvmProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * The clock of one command service jumps, by libfaketime; its monotonic clock does not, as where somebody sets the
 * time.
 */
final class WrongClocks implements FaultScenario {

    private static final String RIGHT = Layout.COMMAND_SERVICE + 0;
    private static final String WRONG = Layout.COMMAND_SERVICE + 1;

    /** The first one is where command ids would be forgotten: they are kept for a day. */
    private static final List<String> OFFSETS = List.of("+25h", "-25h", "+5m", "-5m");

    private static final String NONE = "+0";

    private static final int MARKERS = 12;

    private static final Duration TAKEN_OVER_WITHIN = Duration.ofSeconds(30);
    private static final Duration READY_WITHIN = Duration.ofSeconds(60);

    /** The library looks into the file again after a second. */
    private static final Duration NOTICED = Duration.ofSeconds(2);

    @Override
    public String name() {
        return "clock";
    }

    @Override
    public String expectation() {
        return "the clock of one of two command services jumps by 25 hours and by 5 minutes, ahead and back, and the other one"
                + " is killed meanwhile, so that the wrong clock decides everything: no command id is forgotten, nothing"
                + " is done twice";
    }

    @Override
    public Optional<String> obstacle() {
        return library().isPresent() ? Optional.empty() : Optional.of("libfaketime is missing (Debian: faketime)");
    }

    private static Optional<Path> library() {
        for (String folder : List.of("/usr/lib", "/usr/local/lib")) {
            try (DirectoryStream<Path> architectures = Files.newDirectoryStream(Path.of(folder))) {
                for (Path each : architectures) {
                    Path library = each.resolve("faketime").resolve("libfaketimeMT.so.1");
                    if (Files.isRegularFile(library)) {
                        return Optional.of(library);
                    }
                }
            } catch (IOException noSuchFolder) {
                // Nor the library, then.
            }
        }
        return Optional.empty();
    }

    @Override
    public Stage stage(Path folder, long seed) {
        return new WrongClock(folder.resolve("clock"), library().orElseThrow());
    }

    /** @param file that says how far the clock is off */
    private record WrongClock(Path file, Path library) implements Stage {

        @Override
        public Layout layout() {
            set(NONE);
            return Layout.of(2)
                    .placing(
                            WRONG,
                            Placement.LOOPBACK.withLauncher(List.of(
                                    "env",
                                    "LD_PRELOAD=" + library,
                                    "FAKETIME_TIMESTAMP_FILE=" + file,
                                    "FAKETIME_CACHE_DURATION=1",
                                    "FAKETIME_DONT_FAKE_MONOTONIC=1",
                                    "FAKETIME_FORCE_MONOTONIC_FIX=0"))); // else a JVM's waits end at once
        }

        /** Whole at any moment. */
        private void set(String offset) {
            try {
                Path next = file.resolveSibling("clock.next");
                Files.writeString(next, offset + "\n");
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void disturb(FaultRun run) throws Exception {
            List<String> offsets = new ArrayList<>(OFFSETS);
            Collections.shuffle(offsets.subList(1, offsets.size()), Random.from(run.random()));
            try {
                mark(run, false);
                for (int i = 0; run.goesOn(); i++) {
                    decideBy(run, offsets.get(i % offsets.size()));
                }
            } finally {
                set(NONE);
            }
        }

        private void decideBy(FaultRun run, String offset) throws Exception {
            set(offset);
            Thread.sleep(NOTICED);
            run.pause(Duration.ofSeconds(1), Duration.ofSeconds(4));
            mark(run, true);
            JvmProcess right = run.installation().process(RIGHT);
            right.kill();
            run.awaitDecisions(TAKEN_OVER_WITHIN, "a clock %s decides everything".formatted(offset));
            mark(run, true);
            right.start();
            run.awaitReady(READY_WITHIN, "the other is back");
            mark(run, true);
        }

        /** Sends the same commands under the same ids. */
        private static void mark(FaultRun run, boolean again) throws InterruptedException {
            int replayed = 0;
            for (int i = 0; i < MARKERS; i++) {
                Call call = run.workload()
                        .insist(
                                new AggregateRef("accounts", "marker-" + i),
                                "marker-" + i,
                                new OpenAccount("marker", "EUR", null),
                                null,
                                READY_WITHIN);
                if (call.answer() instanceof Decided decided && decided.replayed()) {
                    replayed++;
                } else if (again && call.answer() instanceof Decided) {
                    run.found("a command id was forgotten: " + call);
                } else if (again) {
                    run.found("a repeat was not answered: " + call);
                }
            }
            if (again) {
                run.saw("%d of %d commands of before were known again".formatted(replayed, MARKERS));
            }
        }
    }
}
