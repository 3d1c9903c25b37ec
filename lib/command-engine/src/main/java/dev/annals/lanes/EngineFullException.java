package dev.annals.lanes;

/** Too many commands wait for a lane; this one was not taken, and may be sent again a moment later. */
public final class EngineFullException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public EngineFullException(String type) {
        super("too many commands on %s are waiting".formatted(type));
    }
}
