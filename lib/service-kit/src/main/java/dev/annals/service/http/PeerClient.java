package dev.annals.service.http;

import dev.annals.service.AuthSettings;
import dev.annals.service.InternalSettings;
import dev.annals.service.ServiceConfig;
import dev.annals.service.tls.InstanceTls;
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
import javax.net.ssl.SSLContext;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

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

    private final @Nullable InstanceTls tls;
    private final boolean alone;
    private volatile HttpClient client;

    /** For an installation that asks nobody for a token. */
    public PeerClient() {
        this(null, false);
    }

    private PeerClient(@Nullable InstanceTls tls, boolean alone) {
        this.tls = tls;
        this.alone = alone;
        this.client = client(tls == null ? null : tls.context());
    }

    /**
     * As the settings say that instances know each other.
     *
     * @throws dev.annals.service.StartupException if certificates can't be used
     */
    public static PeerClient of(ServiceConfig config) {
        InternalSettings internal = config.internal();
        if (internal == null) {
            return new PeerClient(null, config.auth().mode() == AuthSettings.Mode.OIDC);
        }
        InternalSettings.MutualTls mutual = internal.tls();
        return new PeerClient(mutual == null ? null : new InstanceTls(mutual), false);
    }

    private static HttpClient client(@Nullable SSLContext context) {
        HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_LIMIT);
        return (context == null ? client : client.sslContext(context)).build();
    }

    /** Whether another instance has passed this request on: it must be answered here, or not at all. */
    public static boolean isPassedOn(Context ctx) {
        return ctx.header(HOP) != null;
    }

    /**
     * @param pathAndQuery from the first slash on, encoded
     * @throws IllegalArgumentException if the instance has no valid address, or nothing tells that it is one
     */
    public HttpRequest.Builder request(HostInfo peer, String pathAndQuery) {
        if (!HOST.matcher(peer.host()).matches() || peer.port() < 1 || peer.port() > MAX_PORT) {
            throw new IllegalArgumentException(
                    "another instance says that it is at '%s:%d', which is no host:port; see its setting annals.*.advertised"
                            .formatted(peer.host(), peer.port()));
        }
        if (alone) {
            throw new IllegalArgumentException(
                    "there is another instance, and with %s=oidc each needs %s to be answered by the others"
                            .formatted(AuthSettings.MODE, InternalSettings.PORT));
        }
        if (tls != null && !tls.mayBe(peer.host())) {
            throw new IllegalArgumentException(
                    "another instance says that it is at '%s', which is no name of one; see %s"
                            .formatted(peer.host(), InternalSettings.NAMES));
        }
        URI uri = URI.create(
                "%s://%s:%d%s".formatted(tls == null ? "http" : "https", peer.host(), peer.port(), pathAndQuery));
        return HttpRequest.newBuilder(uri).header(HOP, "1");
    }

    /**
     * Blocks until the answer is there, or as much of it as the handler waits for; as long as the request's own timeout
     * allows.
     */
    public <B> HttpResponse<B> send(HttpRequest request, BodyHandler<B> body) throws IOException, InterruptedException {
        return client().send(request, body);
    }

    /**
     * The answer, body included, within a limit; fails with an {@link IOException}, an {@link OversizedAnswerException}
     * among them, or a timeout.
     */
    public CompletableFuture<HttpResponse<byte[]>> sendAsync(HttpRequest request, Duration limit) {
        return client().sendAsync(request, wholeAnswer()).orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** With the certificates as they are now. */
    private HttpClient client() {
        SSLContext renewed = tls == null ? null : tls.renewed();
        if (renewed != null) {
            client = client(renewed); // the one before ends by itself, when nobody waits for it any more
        }
        return client;
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
