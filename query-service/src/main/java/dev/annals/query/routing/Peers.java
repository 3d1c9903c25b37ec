package dev.annals.query.routing;

import dev.annals.query.table.TableUnavailableException;
import dev.annals.service.http.PeerClient;
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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.streams.state.HostInfo;

/** Other instances of this service. Blocks the calling thread. Thread-safe. */
public final class Peers implements AutoCloseable {

    /** Beyond what the request itself may wait. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    private static final int UNAVAILABLE = 503;

    private static final List<String> PASSED_BACK = List.of("ETag", "Retry-After", Router.SERVED_BY);

    private final PeerClient client = new PeerClient();

    /**
     * Another instance's answer to the same request.
     *
     * @param wait how long the request may wait there
     * @throws TableUnavailableException if it can't be reached or can't answer
     */
    public Response pass(HostInfo other, ForwardedRequest asked, Duration wait) {
        HttpResponse<byte[]> response =
                exchange(other, request(other, asked, wait).build(), BodyHandlers.ofByteArray());
        return new Response(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse("application/json"),
                passedBack(response),
                response.body());
    }

    /**
     * Another instance's answer to the same request as it comes; close it. Not limited in time once it has begun.
     *
     * @throws TableUnavailableException if it can't be reached or can't answer
     */
    public HttpResponse<InputStream> stream(HostInfo other, ForwardedRequest asked, Map<String, String> headers) {
        HttpRequest.Builder request = request(other, asked, Duration.ZERO);
        headers.forEach(request::header);
        return exchange(other, request.build(), BodyHandlers.ofInputStream());
    }

    /**
     * A question between instances that is no client's request. Doesn't block; fails as {@link PeerClient#sendAsync}
     * does.
     */
    public CompletableFuture<HttpResponse<byte[]>> ask(HttpRequest request, Duration limit) {
        return client.sendAsync(request, limit);
    }

    private static HttpRequest.Builder request(HostInfo other, ForwardedRequest asked, Duration wait) {
        HttpRequest.Builder request =
                PeerClient.request(other, asked.pathAndQuery()).timeout(ANSWER_LIMIT.plus(wait));
        asked.headers().forEach(request::header);
        return request;
    }

    private <B> HttpResponse<B> exchange(HostInfo other, HttpRequest request, BodyHandler<B> body) {
        try {
            HttpResponse<B> response = client.send(request, body);
            if (response.statusCode() != UNAVAILABLE) {
                return response;
            }
            if (response.body() instanceof InputStream unread) {
                unread.close();
            }
            throw new TableUnavailableException("%s:%d can't answer now".formatted(other.host(), other.port()));
        } catch (IOException e) {
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
