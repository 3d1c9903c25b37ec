package dev.annals.serde.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.annals.serde.registry.RegistryConfig.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a request to the first endpoint that answers: the one that answered last, then the others in order, then all of
 * them again after a growing pause, until the retries or the time of the call are used up.
 *
 * <p>Every request of this API is idempotent (a schema registered twice has one id), so each may be sent again.
 */
final class HttpTransport implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(HttpTransport.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String MEDIA_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int EXCERPT_LENGTH = 200;

    private final RegistryConfig config;
    private final HttpClient http;
    private volatile int preferred;

    HttpTransport(RegistryConfig config) {
        this.config = config;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(config.connectTimeout());
        if (config.tls() != null) {
            builder.sslContext(config.tls());
        }
        this.http = builder.build();
    }

    /**
     * @param purpose completes "cannot …" in an error
     * @param path below the base URL, encoded
     */
    record Call(
            String purpose,
            String method,
            String path,
            @Nullable JsonNode body) {}

    private sealed interface Outcome {
        record Answered(JsonNode json) implements Outcome {}

        record Refused(int code, String message) implements Outcome {}

        record Unusable(
                String reason,
                boolean worthRetrying,
                @Nullable Throwable cause) implements Outcome {}
    }

    JsonNode send(Call call) {
        long deadline = System.nanoTime() + config.callTimeout().toNanos();
        Tries tries = new Tries(call, deadline);
        for (int retry = 0; ; retry++) {
            JsonNode json = tries.askEachEndpoint();
            if (json != null) {
                return json;
            }
            long pause = pauseNanos(retry);
            if (retry >= config.maxRetries() || !tries.worthRetrying || deadline - System.nanoTime() <= pause) {
                throw tries.unavailable(retry + 1);
            }
            sleep(call, pause);
        }
    }

    /** The tries of one call, with what was last seen. */
    private final class Tries {
        private final Call call;
        private final long deadline;
        private boolean worthRetrying;
        private String lastReason = "no time left";
        private @Nullable Throwable lastCause;

        Tries(Call call, long deadline) {
            this.call = call;
            this.deadline = deadline;
        }

        @Nullable
        JsonNode askEachEndpoint() {
            worthRetrying = false;
            RegistryRefusalException refusal = null;
            int first = preferred;
            int count = config.endpoints().size();
            for (int i = 0; i < count && System.nanoTime() < deadline; i++) {
                int index = (first + i) % count;
                Endpoint endpoint = config.endpoints().get(index);
                switch (attempt(endpoint, call, deadline)) {
                    case Outcome.Answered(JsonNode json) -> {
                        preferred = index;
                        return json;
                    }
                    case Outcome.Refused(int code, String message) -> {
                        refusal = refusal(endpoint, code, message);
                        if (!mayBeKnownElsewhere(refusal)) {
                            preferred = index;
                            throw refusal;
                        }
                    }
                    case Outcome.Unusable unusable -> note(endpoint, unusable);
                }
            }
            if (refusal != null) {
                throw refusal;
            }
            return null;
        }

        /** A follower may not have heard yet of a schema that its leader has just given an id. */
        private boolean mayBeKnownElsewhere(RegistryRefusalException refusal) {
            return refusal.isNotFound() && call.method().equals("GET");
        }

        private RegistryRefusalException refusal(Endpoint endpoint, int code, String message) {
            return new RegistryRefusalException(
                    "Cannot %s: the registry %s answered %d: %s".formatted(call.purpose(), endpoint, code, message),
                    code);
        }

        private void note(Endpoint endpoint, Outcome.Unusable unusable) {
            worthRetrying |= unusable.worthRetrying();
            lastReason = endpoint + ": " + unusable.reason();
            lastCause = unusable.cause();
            LOG.debug("Registry endpoint unusable url={} purpose={} reason={}", endpoint, call.purpose(), lastReason);
        }

        RegistryUnavailableException unavailable(int times) {
            return new RegistryUnavailableException(
                    "Cannot %s: no usable schema registry at %s (tried %d times; last: %s)"
                            .formatted(call.purpose(), config.endpoints(), times, lastReason),
                    lastCause);
        }
    }

    private Outcome attempt(Endpoint endpoint, Call call, long deadline) {
        Duration remaining = Duration.ofNanos(deadline - System.nanoTime());
        Duration timeout = remaining.compareTo(config.requestTimeout()) < 0 ? remaining : config.requestTimeout();
        // HttpRequest.timeout ends with the headers on the JDKs in use; waiting on the future bounds the body too.
        CompletableFuture<HttpResponse<byte[]>> pending =
                http.sendAsync(request(endpoint, call), BodyHandlers.ofByteArray());
        try {
            return read(pending.get(timeout.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            pending.cancel(true);
            return new Outcome.Unusable("no answer within " + timeout.toMillis() + " ms", true, e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return new Outcome.Unusable(describe(cause), true, cause);
        } catch (InterruptedException e) {
            pending.cancel(true);
            throw new InterruptException("Interrupted while trying to " + call.purpose(), e);
        }
    }

    private static HttpRequest request(Endpoint endpoint, Call call) {
        JsonNode body = call.body();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint.base() + call.path()))
                .header("Accept", MEDIA_TYPE + ", application/json;q=0.9")
                .header("Content-Type", MEDIA_TYPE)
                .method(
                        call.method(),
                        body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.toString()));
        if (endpoint.authorization() != null) {
            request.header("Authorization", endpoint.authorization());
        }
        return request.build();
    }

    private static Outcome read(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        JsonNode json = parse(response.body());
        if (status / 100 == 2) {
            return json.isContainerNode()
                    ? new Outcome.Answered(json)
                    : new Outcome.Unusable(notTheApi(status, response.body()), false, null);
        }
        int code = json.path("error_code").asInt(0);
        String message = json.path("message").asText("");
        return switch (status) {
            case 404 ->
                code > 40400
                        ? new Outcome.Refused(code, message)
                        : new Outcome.Unusable(notTheApi(404, response.body()), false, null);
            case 409, 422 -> new Outcome.Refused(code == 0 ? status : code, message);
            case 401, 403 ->
                new Outcome.Unusable(
                        "HTTP %d: the registry does not let us in; check basic.auth.* or bearer.auth.* %s"
                                .formatted(status, message),
                        false,
                        null);
            default ->
                new Outcome.Unusable(
                        "HTTP %d: %s".formatted(status, message.isEmpty() ? excerpt(response.body()) : message),
                        status >= 500 || status == 408 || status == 429,
                        null);
        };
    }

    private static String notTheApi(int status, byte[] body) {
        return "HTTP %d that no Confluent-compatible registry gives; is the path of the URL right (Apicurio: /apis/ccompat/v7)? %s"
                .formatted(status, excerpt(body));
    }

    private static String excerpt(byte[] body) {
        String text = new String(body, 0, Math.min(body.length, EXCERPT_LENGTH), StandardCharsets.UTF_8);
        return body.length > EXCERPT_LENGTH ? text + "…" : text;
    }

    private static JsonNode parse(byte[] body) {
        try {
            return JSON.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    /** With the deepest cause, since the JDK's client often gives exceptions without a message. */
    private static String describe(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return deepest.equals(failure) ? failure.toString() : failure + ", caused by " + deepest;
    }

    /** Half of the pause is jitter, so that many clients don't come back at once. */
    private long pauseNanos(int retry) {
        long doubled = config.retryBackoff().toNanos() << Math.min(retry, 20);
        long pause = Math.min(doubled, config.retryBackoffMax().toNanos());
        return pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1);
    }

    private static void sleep(Call call, long nanos) {
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            throw new InterruptException("Interrupted while trying to " + call.purpose(), e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
