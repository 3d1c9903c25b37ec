package dev.annals.embedded;

/**
 * A child JVM ended or did not answer while it was starting. The message names the process, the cause and the log file.
 */
public final class StartFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    StartFailedException(String message) {
        super(message);
    }
}
