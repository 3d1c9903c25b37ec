package dev.annals.checker.nemesis;

import dev.annals.checker.nemesis.Fault.Kind;
import java.util.List;

/** What a nemesis does to an installation. */
public enum Disturbance {
    /** All processes are left alone. */
    NONE(),

    /** Faults of every kind. */
    EVERY_KIND(
            Kind.KILL_INSTANCE,
            Kind.KILL_INSTANCE,
            Kind.PAUSE_INSTANCE,
            Kind.FREEZE_INSTANCE,
            Kind.RESTART_INSTANCE,
            Kind.ADD_INSTANCE,
            Kind.KILL_BROKER,
            Kind.PAUSE_BROKER,
            Kind.CUT_CONNECTIONS,
            Kind.CUT_CONNECTIONS),

    /**
     * Only instances that are frozen beyond their session, and wake up when others have taken over, or are about to.
     */
    ZOMBIES(Kind.FREEZE_INSTANCE);

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<Kind> round;

    Disturbance(Kind... round) {
        this.round = List.of(round);
    }

    /** The faults that come once before any comes again, see {@link Schedule}. */
    List<Kind> round() {
        return round;
    }
}
