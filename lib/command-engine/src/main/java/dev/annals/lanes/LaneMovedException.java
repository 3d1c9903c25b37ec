package dev.annals.lanes;

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

    /** Whether it may have been decided all the same. */
    public boolean maybeDecided() {
        return maybeDecided;
    }
}
