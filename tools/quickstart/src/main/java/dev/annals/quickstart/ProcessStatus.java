package dev.annals.quickstart;

/**
 * How one process of the quickstart is.
 *
 * @param title for people
 * @param pid 0 when it is stopped
 * @param address where it answers
 * @param log its log file
 */
public record ProcessStatus(String title, State state, long pid, String address, String log) {

    public enum State {
        READY,
        /** It runs and does not answer: it is starting, or it is in trouble. */
        NOT_READY,
        STOPPED
    }
}
