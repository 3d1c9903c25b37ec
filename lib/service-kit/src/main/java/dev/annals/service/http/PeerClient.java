package dev.annals.service.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Asks other instances of the same service. A request says that it was passed on, so that none is passed on twice.
 * Thread-safe.
 */
public final class PeerClient implements AutoCloseable {

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);
    static final String HOP = "X-Annals-Hop";

    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();

    /** Whether another instance has passed this request on: it must be answered here, or not at all. */
    public static boolean isPassedOn(Context ctx) {
        return ctx.header(HOP) != null;
    }

    /**
     * @param pathAndQuery from the first slash on, encoded
     * @throws IllegalArgumentException if the instance has no valid address
     */
    public static HttpRequest.Builder request(HostInfo peer, String pathAndQuery) {
        URI uri = URI.create("http://%s:%d%s".formatted(peer.host(), peer.port(), pathAndQuery));
        return HttpRequest.newBuilder(uri).header(HOP, "1");
    }

    /**
     * Blocks until the answer is there, or as much of it as the handler waits for; as long as the request's own timeout
     * allows.
     */
    public <B> HttpResponse<B> send(HttpRequest request, BodyHandler<B> body) throws IOException, InterruptedException {
        return client.send(request, body);
    }

    /** The answer, body included, within a limit; fails with an {@link IOException} or a timeout. */
    public CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest request, Duration limit) {
        return client.sendAsync(request, BodyHandlers.ofByteArray()).orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
