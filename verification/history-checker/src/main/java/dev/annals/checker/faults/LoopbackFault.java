package dev.annals.checker.faults;

import dev.annals.checker.cluster.Layout;
import java.nio.file.Path;

/** A scenario that needs nothing but processes. */
record LoopbackFault(String name, String expectation, Layout layout, Disturbance disturbance) implements FaultScenario {

    /** What is done, see {@link Stage#disturb}. */
    interface Disturbance {

        void disturb(FaultRun run) throws Exception;
    }

    @Override
    public Stage stage(Path folder, long seed) {
        return new Stage() {
            @Override
            public Layout layout() {
                return layout;
            }

            @Override
            public void disturb(FaultRun run) throws Exception {
                disturbance.disturb(run);
            }
        };
    }
}
