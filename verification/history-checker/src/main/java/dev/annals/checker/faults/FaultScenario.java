package dev.annals.checker.faults;

import dev.annals.checker.check.Rule;
import dev.annals.checker.cluster.Layout;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** A fault, with what is expected of an installation that meets it. */
public interface FaultScenario {

    /** As on the command line: {@code kill-brokers}. */
    String name();

    /** What is done and what must come of it, as a sentence. */
    String expectation();

    /** Why it can't be run on this machine; empty where it can. Asked before {@link #stage}. */
    default Optional<String> obstacle() {
        return Optional.empty();
    }

    /**
     * Makes what the installation stands on: networks, disks.
     *
     * @param folder of the run; an empty one
     * @param seed of the run
     */
    Stage stage(Path folder, long seed) throws Exception;

    /** What one run stands on. Closed when all processes have ended, also after a failure. */
    interface Stage extends AutoCloseable {

        Layout layout();

        /**
         * Does the fault while clients send commands, again and again while {@link FaultRun#goesOn}, and ends it: then
         * everything must become ready again by itself, unless that is {@link #givenUp}.
         */
        void disturb(FaultRun run) throws Exception;

        /**
         * What nobody can keep after this fault: not looked for. With {@link Rule#NOT_RECOVERED} nothing is waited for
         * either.
         */
        default Set<Rule> givenUp() {
            return Set.of();
        }

        /** Looks at what came of it when everything is ready, decided and quiet. */
        default void afterwards(FaultRun run) throws Exception {}

        @Override
        default void close() {}
    }
}
