package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * A scenario with a small disk that is filled up and freed again and again.
 *
 * @param layout given the folder that is the disk
 */
record SmallDiskFault(String name, String expectation, Function<Path, Layout> layout, Disturbance disturbance)
        implements FaultScenario {

    private static final int MEGABYTES = 192;

    /** Fills the disk and frees it. */
    interface Disturbance {

        void fillAndFree(FaultRun run, SmallDisk disk) throws Exception;
    }

    @Override
    public Optional<String> obstacle() {
        return SmallDisk.obstacle();
    }

    @Override
    public Stage stage(Path folder, long seed) throws Exception {
        SmallDisk disk = SmallDisk.mounted(folder.resolve("disk"), MEGABYTES);
        return new Stage() {
            @Override
            public Layout layout() {
                return layout.apply(disk.folder());
            }

            @Override
            public void disturb(FaultRun run) throws Exception {
                while (run.goesOn()) {
                    run.pause(Duration.ofSeconds(2), Duration.ofSeconds(6));
                    disturbance.fillAndFree(run, disk);
                }
            }

            @Override
            public void close() {
                disk.close();
            }
        };
    }
}
