package dev.annals.checker.nemesis;

import dev.annals.checker.nemesis.Fault.Kind;
import java.util.Map;

/**
 * How many faults there were.
 *
 * @param kills of instances, with SIGKILL
 * @param pauses of instances, with SIGSTOP
 * @param zombies those pauses that were longer than the session timeout
 * @param rebalances forced without a crash: an instance restarted, or one more that came and left
 * @param cuts times that all HTTP connections were closed
 */
public record FaultCounts(
        int kills, int pauses, int zombies, int rebalances, int brokerKills, int brokerPauses, int cuts) {

    static FaultCounts of(Map<Kind, Integer> counts) {
        int zombies = counts.getOrDefault(Kind.FREEZE_INSTANCE, 0);
        return new FaultCounts(
                counts.getOrDefault(Kind.KILL_INSTANCE, 0),
                counts.getOrDefault(Kind.PAUSE_INSTANCE, 0) + zombies,
                zombies,
                counts.getOrDefault(Kind.RESTART_INSTANCE, 0) + counts.getOrDefault(Kind.ADD_INSTANCE, 0),
                counts.getOrDefault(Kind.KILL_BROKER, 0),
                counts.getOrDefault(Kind.PAUSE_BROKER, 0),
                counts.getOrDefault(Kind.CUT_CONNECTIONS, 0));
    }

    /** Of a run without faults. */
    public static FaultCounts none() {
        return of(Map.of());
    }
}
