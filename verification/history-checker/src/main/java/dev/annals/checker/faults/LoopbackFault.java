package dev.annals.checker.faults;

import dev.annals.checker.check.Rule;
import dev.annals.checker.cluster.Layout;
import java.nio.file.Path;
import java.util.Set;

/**
 * A scenario that needs nothing but processes.
 *
 * @param givenUp see {@link Stage#givenUp}
 */
record LoopbackFault(String name, String expectation, Layout layout, Set<Rule> givenUp, Disturbance disturbance)
        implements FaultScenario {

    /** What is done, see {@link Stage#disturb}. */
    interface Disturbance {

        void disturb(FaultRun run) throws Exception;
    }

    /** One after which all rules hold. */
    LoopbackFault(String name, String expectation, Layout layout, Disturbance disturbance) {
        this(name, expectation, layout, Set.of(), disturbance);
    }

    @Override
    public Stage stage(Path folder, long seed) {
        return new Stage() {
            @Override
            public Layout layout() {
                return layout;
            }

            @Override
            public Set<Rule> givenUp() {
                return givenUp;
            }

            @Override
            public void disturb(FaultRun run) throws Exception {
                disturbance.disturb(run);
            }
        };
    }
}
