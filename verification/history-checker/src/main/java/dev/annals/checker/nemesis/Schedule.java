package dev.annals.checker.nemesis;

import dev.annals.checker.nemesis.Fault.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Endless faults in rounds: a round has each kind once or more, in an order of its own. A pure function of the seed.
 */
final class Schedule {

    private static final int MIN_PAUSE_MILLIS = 500;
    private static final int MAX_PAUSE_MILLIS = 4_000;

    private final SplittableRandom random;
    private final int instances;
    private final List<Kind> kinds;
    private final List<Kind> round = new ArrayList<>();

    /** @param disturbance with any faults */
    Schedule(long seed, int instances, Disturbance disturbance) {
        this.random = new SplittableRandom(seed ^ 0x6E656D65736973L); // apart from the commands
        this.instances = instances;
        this.kinds = disturbance.round();
    }

    Fault next() {
        if (round.isEmpty()) {
            round.addAll(kinds);
        }
        Kind kind = round.remove(random.nextInt(round.size()));
        return new Fault(
                kind,
                Duration.ofMillis(random.nextInt(MIN_PAUSE_MILLIS, MAX_PAUSE_MILLIS)),
                random.nextInt(instances),
                Duration.ofMillis(random.nextInt(kind.minMillis(), kind.maxMillis())));
    }
}
