package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.embedded.JvmProcess;
import dev.annals.embedded.StartFailedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.stream.Stream;

/** The registry loses all that it had, is started empty, and later gets it back. */
final class RegistryEmpty {

    private static final String STARTED = Layout.COMMAND_SERVICE + 0;
    private static final Duration DECIDED_WITHIN = Duration.ofSeconds(15);
    private static final Duration RED_WITHIN = Duration.ofSeconds(30);
    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(60);

    private RegistryEmpty() {}

    static FaultScenario scenario() {
        return new LoopbackFault(
                "registry-empty",
                "the registry comes back empty: services that run go on with what they know; one that starts refuses, since"
                        + " the ids of schemas would mean others; with the registry's data back all is well within 60 s, and"
                        + " nothing was misread",
                Layout.of(2),
                RegistryEmpty::disturb);
    }

    private static void disturb(FaultRun run) throws Exception {
        Path data = run.installation().folder().resolve(Layout.REGISTRY);
        Path kept = run.installation().folder().resolve("registry-kept");
        while (run.goesOn()) {
            run.pause(Duration.ofSeconds(1), Duration.ofSeconds(5));
            run.installation().registry().stop();
            move(data, kept);
            run.installation().registry().start();
            run.awaitDecisions(DECIDED_WITHIN, "the registry is empty");
            startWithStrangeSchemas(run);
            run.installation().registry().stop();
            move(kept, data);
            run.installation().registry().start();
            run.installation().process(STARTED).start();
            run.awaitReady(RECOVERED_WITHIN, "the registry has its schemas again");
        }
    }

    /** With the ids that it gives, records of before would be read as something else. */
    private static void startWithStrangeSchemas(FaultRun run) throws Exception {
        JvmProcess service = run.installation().process(STARTED);
        service.stop();
        try {
            service.start();
            run.awaitNotReady(STARTED, RED_WITHIN, "schemas: ");
            service.stop();
        } catch (StartFailedException e) {
            run.saw("%s refuses to start: %s".formatted(STARTED, e.getMessage()));
            run.expect(String.valueOf(e.getMessage()).contains("schema"), "a word about schemas");
        }
        run.awaitDecisions(DECIDED_WITHIN, "one service did not start with strange schemas");
    }

    private static void move(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file :
                    files.filter(each -> !each.toString().endsWith(".log")).toList()) {
                Files.move(file, to.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }
}
