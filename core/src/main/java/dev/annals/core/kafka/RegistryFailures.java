package dev.annals.core.kafka;

import dev.annals.serde.registry.RegistryRefusalException;
import dev.annals.serde.registry.RegistryUnavailableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;

/**
 * Tells a registry that is away, which passes, from bytes that nobody can read. Knows our own exception and what is beneath
 * those of other serializers.
 */
public final class RegistryFailures {

    private static final int MAX_CAUSES = 20;

    private RegistryFailures() {}

    /** Whether trying again later can help. */
    public static boolean mayPass(Throwable failure) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            if (cause instanceof RegistryUnavailableException
                    || cause instanceof SocketException
                    || cause instanceof SocketTimeoutException
                    || cause instanceof HttpTimeoutException
                    || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    /** Whether the registry refuses a schema: what was deployed doesn't fit what is registered, whatever the record. */
    public static boolean isRefusal(Throwable failure) {
        return failure instanceof RegistryRefusalException;
    }

    /** What went wrong, with the innermost words that a person can act on. */
    public static String describe(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        Throwable cause = failure.getCause();
        String reason = cause == null ? null : cause.getMessage();
        return reason == null || message.contains(reason) ? message : message + ": " + reason;
    }
}
