package dev.annals.flightidentities;

/**
 * Our own id of a flight, for instance {@code UAL1.20200401T0745}: the callsign, a dot, and the flight's own part. That
 * is made of what the first message about it tells, so whoever decides it anew comes to the same.
 */
public final class Gufi {

    private static final char DOT = '.';

    private Gufi() {}

    /** @param flight the own part, in which there is no dot */
    public static String of(String callsign, String flight) {
        return callsign + DOT + flight;
    }

    /** The callsign of a GUFI that was made here; of another id all of it. */
    static String callsign(String gufi) {
        int dot = gufi.lastIndexOf(DOT);
        return dot < 0 ? gufi : gufi.substring(0, dot);
    }

    /** The own part of a GUFI. */
    static String flight(String gufi) {
        return gufi.substring(gufi.lastIndexOf(DOT) + 1);
    }
}
