package dev.annals.service.http;

import io.javalin.http.Context;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.apache.kafka.streams.state.HostInfo;

/**
 * Asks other instances of the same service. A request says that it was passed on, so that none is passed on twice.
 * Thread-safe.
 */
public final class PeerClient implements AutoCloseable {

    /** Of an answer that is read into memory: twice what a page may have. */
    public static final int MAX_ANSWER_BYTES = 8 * 1024 * 1024;

    /**
     * A host as RFC 3986 has it, without what needs an escape: the text comes from whoever is in the consumer group,
     * and must not become user info, a path or a header.
     */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+]");

    private static final int MAX_PORT = 65_535;
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
        if (!HOST.matcher(peer.host()).matches() || peer.port() < 1 || peer.port() > MAX_PORT) {
            throw new IllegalArgumentException(
                    "another instance says that it is at '%s:%d', which is no host:port; see its setting annals.*.advertised"
                            .formatted(peer.host(), peer.port()));
        }
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

    /**
     * The answer, body included, within a limit; fails with an {@link IOException}, an {@link OversizedAnswerException}
     * among them, or a timeout.
     */
    public CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest request, Duration limit) {
        return client.sendAsync(request, wholeAnswer()).orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** For {@link #send}: the body in memory, up to {@value #MAX_ANSWER_BYTES} bytes. */
    public static BodyHandler<byte[]> wholeAnswer() {
        return answer -> new BoundedBody(MAX_ANSWER_BYTES);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
