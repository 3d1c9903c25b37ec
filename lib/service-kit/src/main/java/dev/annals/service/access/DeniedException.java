package dev.annals.service.access;

/** A request is not let in. Its message is for the client: it names no secret, and what to do. */
public final class DeniedException extends Exception {

    private static final long serialVersionUID = 1;

    /** Why, as HTTP tells it apart. */
    public enum Reason {
        /** There is no token, or none that counts. */
        UNAUTHENTICATED,
        /** The token counts, and gives no right to this. */
        FORBIDDEN,
        /** The keys of the issuer can't be had. */
        UNAVAILABLE
    }

    private final Reason reason;

    DeniedException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
