package dev.annals.engine.kafka;

import dev.annals.serde.registry.RegistryRefusalException;
import dev.annals.serde.registry.RegistryUnavailableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.function.Predicate;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Tells a registry that is away, which passes, from one that refuses, and both from bytes that nobody can read. Knows
 * our own exceptions and what is beneath those of other serializers: by cause and HTTP status, as our own client tells
 * them.
 */
public final class RegistryFailures {

    private static final int MAX_CAUSES = 20;

    /**
     * Of Confluent's client, which is not on our class path; its {@code getStatus} and {@code getErrorCode} are public.
     */
    private static final String CONFLUENT_ANSWER =
            "io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException";

    /** Of the HTTP clients that registry clients are built on. */
    private static final String[] HTTP_CLIENTS = {"org.apache.hc.", "org.apache.http."};

    private RegistryFailures() {}

    /** @param errorCode the registry's own, which a gateway before it doesn't know */
    private record HttpAnswer(int status, int errorCode) {

        boolean isNotFound() {
            return status == 404 && errorCode > 40_400 && errorCode < 40_500;
        }

        boolean isRefusal() {
            return isNotFound() || status == 409 || status == 422;
        }
    }

    /** Whether trying again later can help. */
    public static boolean mayPass(Throwable failure) {
        return anyCause(failure, RegistryFailures::isAway);
    }

    /** Whether the registry refuses a schema: what was deployed doesn't fit what is registered, whatever the record. */
    public static boolean isRefusal(Throwable failure) {
        return anyCause(failure, cause -> {
            HttpAnswer answer = answer(cause);
            return cause instanceof RegistryRefusalException || (answer != null && answer.isRefusal());
        });
    }

    /** Whether the registry doesn't know what was asked for: somebody may register it yet. */
    public static boolean isNotFound(Throwable failure) {
        return anyCause(failure, cause -> {
            HttpAnswer answer = answer(cause);
            return (cause instanceof RegistryRefusalException refusal && refusal.isNotFound())
                    || (answer != null && answer.isNotFound());
        });
    }

    /** What went wrong, with the innermost words that a person can act on. */
    public static String describe(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        Throwable cause = failure.getCause();
        String reason = cause == null ? null : cause.getMessage();
        return reason == null || message.contains(reason) ? message : message + ": " + reason;
    }

    private static boolean isAway(Throwable cause) {
        HttpAnswer answer = answer(cause);
        return (answer != null && !answer.isRefusal())
                || cause instanceof RegistryUnavailableException
                || cause instanceof SSLException
                || cause instanceof SocketException
                || cause instanceof SocketTimeoutException
                || cause instanceof HttpTimeoutException
                || cause instanceof UnknownHostException
                || cause instanceof UnresolvedAddressException
                || isOfHttpClient(cause.getClass().getName());
    }

    private static boolean isOfHttpClient(String className) {
        for (String client : HTTP_CLIENTS) {
            if (className.startsWith(client)) {
                return true;
            }
        }
        return false;
    }

    private static boolean anyCause(Throwable failure, Predicate<Throwable> test) {
        Throwable cause = failure;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            if (test.test(cause)) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable HttpAnswer answer(Throwable cause) {
        for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals(CONFLUENT_ANSWER)) {
                return new HttpAnswer(number(cause, type, "getStatus"), number(cause, type, "getErrorCode"));
            }
        }
        return null;
    }

    private static int number(Throwable cause, Class<?> type, String getter) {
        try {
            return (int) type.getMethod(getter).invoke(cause);
        } catch (ReflectiveOperationException e) {
            return 0; // Another version of that client: then it counts as an answer that may pass.
        }
    }
}
