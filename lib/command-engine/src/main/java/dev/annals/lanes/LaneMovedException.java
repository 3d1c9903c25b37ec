package dev.annals.lanes;

import java.util.concurrent.CompletionException;

/** A command was handed to a lane that does not decide it; the same command may be sent again, under the same id. */
public final class LaneMovedException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean maybeDecided;

    LaneMovedException(String lane, boolean maybeDecided) {
        super(
                maybeDecided
                        ? lane + " has moved, and whether the command was decided is not known here"
                        : lane + " does not decide here");
        this.maybeDecided = maybeDecided;
    }

    private LaneMovedException(String owner, Throwable cause) {
        super("%s owns it, and does not answer: %s".formatted(owner, cause.getMessage()), cause);
        this.maybeDecided = true;
    }

    static LaneMovedException unanswered(String owner, Throwable failure) {
        Throwable cause = failure.getCause();
        return new LaneMovedException(owner, failure instanceof CompletionException && cause != null ? cause : failure);
    }

    /** Whether it may have been decided all the same. */
    public boolean maybeDecided() {
        return maybeDecided;
    }
}
