package dev.annals.query.routing;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.service.http.Json;
import dev.annals.service.http.OversizedAnswerException;
import dev.annals.service.http.PeerClient;
import dev.annals.service.http.Problem;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.apache.kafka.streams.state.HostInfo;

/** Other instances of this service. Blocks the calling thread. Thread-safe. */
public final class Peers implements AutoCloseable {

    /** Beyond what the request itself may wait. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    private static final String JSON = "application/json";
    private static final List<String> PASSED_BACK = List.of("ETag", "Retry-After", Router.SERVED_BY);

    /** What this service answers; a browser must not be shown anything else as its own. */
    private static final List<String> CONTENT_TYPES = List.of(JSON, Problem.MEDIA_TYPE);

    private static final String EVENTS = "text/event-stream";

    private final PeerClient client;

    /** @param client to be closed with these */
    public Peers(PeerClient client) {
        this.client = client;
    }

    /**
     * Another instance's answer to the same request.
     *
     * @param wait how long the request may wait there
     * @throws TableUnavailableException if it can't be reached or can't answer
     * @throws ProblemException 502 if it answers more than is read of one
     */
    public Response pass(HostInfo other, ForwardedRequest asked, Duration wait) {
        HttpResponse<byte[]> response =
                exchange(other, request(other, asked, wait).build(), PeerClient.wholeAnswer());
        String type = contentType(response, CONTENT_TYPES).orElseThrow(() -> foreign(other));
        return new Response(response.statusCode(), type, passedBack(response), response.body());
    }

    /**
     * Another instance's answer to the same request as it comes, of events where it is a 200; close it. Limited neither
     * in time nor in bytes once it has begun.
     *
     * @throws TableUnavailableException if it can't be reached or can't answer
     */
    public HttpResponse<InputStream> stream(HostInfo other, ForwardedRequest asked, Map<String, String> headers) {
        HttpRequest.Builder request = request(other, asked, Duration.ZERO);
        headers.forEach(request::header);
        HttpResponse<InputStream> response = exchange(other, request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() == OK
                && contentType(response, List.of(EVENTS)).isEmpty()) {
            close(response.body());
            throw foreign(other);
        }
        return response;
    }

    /**
     * A question between instances that is no client's request. Doesn't block; fails as {@link PeerClient#request} and
     * {@link PeerClient#sendAsync} do.
     *
     * @param path from the first slash on, encoded
     * @param more what is told beside the path
     */
    public CompletableFuture<HttpResponse<byte[]>> ask(
            HostInfo other, String path, UnaryOperator<HttpRequest.Builder> more, Duration limit) {
        try {
            return client.sendAsync(more.apply(client.request(other, path)).build(), limit);
        } catch (IllegalArgumentException e) { // an instance that has no valid address
            return CompletableFuture.failedFuture(e);
        }
    }

    private HttpRequest.Builder request(HostInfo other, ForwardedRequest asked, Duration wait) {
        try {
            HttpRequest.Builder request =
                    client.request(other, asked.pathAndQuery()).timeout(ANSWER_LIMIT.plus(wait));
            asked.headers().forEach(request::header);
            return request;
        } catch (IllegalArgumentException e) {
            throw new TableUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    /**
     * Another instance's refusal, as it is told here.
     *
     * @param body a problem
     * @throws IOException if it is no JSON
     */
    public static ProblemException refusal(int status, byte[] body) throws IOException {
        JsonNode problem = Json.mapper().readTree(body);
        return ProblemException.of(
                status, problem.path("code").asText(), problem.path("detail").textValue());
    }

    private static TableUnavailableException foreign(HostInfo other) {
        return new TableUnavailableException("%s:%d answers as this service does not; is something else there?"
                .formatted(other.host(), other.port()));
    }

    private static void close(InputStream unread) {
        try {
            unread.close();
        } catch (IOException e) {
            // It is closed either way.
        }
    }

    /** As one of those that are allowed is written; the first where there is none, since there is no body then. */
    private static Optional<String> contentType(HttpResponse<?> response, List<String> allowed) {
        String named = response.headers().firstValue("Content-Type").orElse(allowed.getFirst());
        String type = named.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return allowed.stream().filter(type::equals).findFirst();
    }

    private <B> HttpResponse<B> exchange(HostInfo other, HttpRequest request, BodyHandler<B> body) {
        try {
            HttpResponse<B> response = client.send(request, body);
            if (response.statusCode() != UNAVAILABLE) {
                return response;
            }
            if (response.body() instanceof InputStream unread) {
                close(unread);
            }
            throw new TableUnavailableException("%s:%d can't answer now".formatted(other.host(), other.port()));
        } catch (IOException e) {
            if (e.getCause() instanceof OversizedAnswerException) { // as it is from any other instance
                throw ProblemException.of(
                        502,
                        "answer-too-large",
                        "another instance's answer has more than %d bytes; ask for less, with limit"
                                .formatted(PeerClient.MAX_ANSWER_BYTES));
            }
            throw new TableUnavailableException("%s:%d does not answer".formatted(other.host(), other.port()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw WaitingRequests.unavailable("the service is stopping");
        }
    }

    private static Map<String, String> passedBack(HttpResponse<byte[]> response) {
        Map<String, String> headers = new LinkedHashMap<>();
        PASSED_BACK.forEach(name -> response.headers().firstValue(name).ifPresent(value -> headers.put(name, value)));
        return headers;
    }

    @Override
    public void close() {
        client.close();
    }
}
