package dev.annals.operations;

import org.jspecify.annotations.Nullable;

/** A request to a service without the answer that was wanted; the message is one line for people. */
public final class ServiceException extends OperationFailedException {

    private static final long serialVersionUID = 1;

    private static final int UNAVAILABLE = 503;

    private final int status;

    ServiceException(int status, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.status = status;
    }

    /** The HTTP status; 0 where there was no answer at all. */
    public int status() {
        return status;
    }

    /**
     * Whether the same request may succeed later: nobody answered, or not now. A 504 is an answer: the service has
     * waited for as long as it was asked to.
     */
    public boolean mayPass() {
        return status == 0 || status == UNAVAILABLE;
    }
}
