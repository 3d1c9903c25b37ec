package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import dev.annals.embedded.JvmProcess;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Bytes of a service's RocksDB files change, while it is stopped and while it runs. */
final class StoreDamaged {

    private static final List<String> SERVICES = List.of(
            Layout.COMMAND_SERVICE + 0, Layout.PROCESS_SERVICE + 0, Layout.PROJECTOR + 0, Layout.QUERY_SERVICE + 0);

    private static final List<String> KINDS = List.of("*.sst", "MANIFEST-*", "CURRENT");

    /** Of each that many bytes of a file, one is flipped: each block is hit. */
    private static final int STEP = 1_024;

    private static final Duration DECIDED_WITHIN = Duration.ofSeconds(60);

    /** The pause between two starts of an application grows, and stores are filled from their first record on. */
    private static final Duration RECOVERED_WITHIN = Duration.ofSeconds(90);

    private StoreDamaged() {}

    static FaultScenario scenario() {
        return new LoopbackFault(
                "store-damaged",
                "bytes of the stores of each kind of service are flipped, in tables, manifests and CURRENT, before it starts"
                        + " and while it runs: no answer is wrong, the stores are filled anew by themselves, and all are ready within"
                        + " 90 s",
                Layout.of(2).withProcessServices(1).withReaders(1, 1),
                StoreDamaged::disturb);
    }

    private static void disturb(FaultRun run) throws Exception {
        RowReads reads = new RowReads(run, Layout.QUERY_SERVICE + 0);
        while (run.goesOn()) {
            run.pause(Duration.ofSeconds(1), Duration.ofSeconds(5));
            for (String service : SERVICES) {
                String kind = KINDS.get(run.random().nextInt(KINDS.size()));
                damage(
                        run,
                        service,
                        kind,
                        run.installation().folder().resolve(service),
                        run.random().nextBoolean());
                reads.look(false);
                run.awaitDecisions(DECIDED_WITHIN, "stores are damaged");
                run.awaitReady(RECOVERED_WITHIN, "stores are damaged");
                reads.look(true);
            }
        }
    }

    /** Files appear when a service stops, and are read again when it starts. */
    private static void damage(FaultRun run, String service, String kind, Path folder, boolean running)
            throws IOException {
        JvmProcess process = run.installation().process(service);
        process.stop();
        if (running) {
            process.start();
        }
        int files = flip(folder, kind, run.random());
        run.saw("%d files %s of %s, %s, are damaged".formatted(files, kind, service, running ? "running" : "stopped"));
        process.start();
    }

    private static int flip(Path folder, String kind, RandomGenerator random) throws IOException {
        PathMatcher wanted = folder.getFileSystem().getPathMatcher("glob:" + kind);
        List<Path> files;
        try (Stream<Path> all = Files.walk(folder)) {
            files = all.filter(file -> wanted.matches(file.getFileName())).toList();
        }
        int flipped = 0;
        for (Path file : files) {
            if (Files.exists(file)) { // else a service that runs has compacted it away
                try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                    flip(bytes, random);
                    flipped++;
                }
            }
        }
        return flipped;
    }

    private static void flip(RandomAccessFile bytes, RandomGenerator random) throws IOException {
        for (long from = 0; from < bytes.length(); from += STEP) {
            long at = Math.min(bytes.length() - 1, from + random.nextInt(STEP));
            bytes.seek(at);
            int before = bytes.read();
            bytes.seek(at);
            bytes.write(before ^ (1 + random.nextInt(255)));
        }
    }
}
