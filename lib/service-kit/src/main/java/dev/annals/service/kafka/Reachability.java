package dev.annals.service.kafka;

import dev.annals.service.ServiceConfig;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.InvalidMetadataException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Says in a line why Kafka does not answer. Its clients keep to themselves why they can't connect, and call everything
 * a time-out: so where that is all they say, each bootstrap server is called on. That some listener is of another
 * security protocol can only be guessed: it takes the connection, and then closes it or is silent.
 */
final class Reachability {

    /** Of one call; made only when Kafka has been silent for longer. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(1);

    /** Where more are named, these are enough to tell. */
    private static final int MAX_CALLS = 3;

    /** Beneath an exception; a chain that is longer goes round. */
    private static final int MAX_CAUSES = 20;

    private final List<String> servers;
    private final String protocol;

    Reachability(ServiceConfig config) {
        this.servers = Arrays.stream(config.bootstrapServers().split(","))
                .map(String::strip)
                .toList();
        this.protocol = String.valueOf(config.kafka()
                .getOrDefault(
                        CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, CommonClientConfigs.DEFAULT_SECURITY_PROTOCOL));
    }

    String servers() {
        return String.join(",", servers);
    }

    /** What lies beneath the exception by which a client's future fails. */
    static Throwable unwrapped(Throwable failure) {
        return failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /**
     * Whether no broker has answered. A refusal is an answer, unless it is of the credentials: then nothing is answered
     * to anybody here.
     */
    static boolean isSilence(Throwable failure) {
        Throwable cause = unwrapped(failure);
        return !(cause instanceof ApiException)
                || cause instanceof RetriableException
                || cause instanceof AuthenticationException;
    }

    /** Whether nothing was heard in time; with a cause, a producer says that it has heard of no such topic. */
    static boolean isTimeout(Throwable cause) {
        return cause instanceof TimeoutException
                || (cause instanceof org.apache.kafka.common.errors.TimeoutException
                        && !(cause.getCause() instanceof InvalidMetadataException));
    }

    /** Why; of a time-out by calling on the servers, which takes at most {@link #CALL_LIMIT} each. */
    String describe(Throwable failure) {
        Throwable cause = unwrapped(failure);
        return isTimeout(cause)
                ? servers.stream().limit(MAX_CALLS).map(this::call).collect(Collectors.joining("; "))
                : withDeepest(cause);
    }

    private String call(String server) {
        String host = Utils.getHost(server);
        Integer port = Utils.getPort(server);
        if (host == null || port == null) {
            return server + ": expected host:port";
        }
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            return server + ": the name is unknown";
        }
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) CALL_LIMIT.toMillis());
            return "%s takes connections, but does not answer: it is busy, it hangs, or its listener is not of kafka.%s=%s"
                    .formatted(server, CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol);
        } catch (SocketTimeoutException e) {
            return "%s: no connection within %d ms".formatted(server, CALL_LIMIT.toMillis());
        } catch (IOException e) {
            return server + ": " + e.getMessage();
        }
    }

    /** An exception about TLS says what is wrong at the end of its causes only. */
    private static String withDeepest(Throwable failure) {
        Throwable deepest = failure;
        for (int i = 0; i < MAX_CAUSES && deepest.getCause() != null; i++) {
            deepest = deepest.getCause();
        }
        String text = failure.getClass().getSimpleName() + ": " + failure.getMessage();
        @Nullable String reason = deepest.getMessage();
        return reason == null || text.contains(reason) ? text : text + ": " + reason;
    }
}
