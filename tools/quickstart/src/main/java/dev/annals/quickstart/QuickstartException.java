package dev.annals.quickstart;

/** What a person has to put right before the quickstart can go on. The message is one line that says what and how. */
public final class QuickstartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    QuickstartException(String message) {
        super(message);
    }

    QuickstartException(String message, Throwable cause) {
        super(message, cause);
    }
}
