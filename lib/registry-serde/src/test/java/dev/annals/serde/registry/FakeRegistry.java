package dev.annals.serde.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** An HTTP server on a free port of the loopback that answers as a test says, and remembers what it was asked. */
final class FakeRegistry implements AutoCloseable {

    static final Reply NEVER = new Reply(-1, "");

    /** Headers that promise a body which never comes. */
    static final Reply NEVER_ENDING = new Reply(-2, "");

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Function<Request, Reply> answer;
    private final List<Request> requests = new CopyOnWriteArrayList<>();

    record Request(String method, String path, @Nullable String authorization, String body) {}

    record Reply(int status, String body) {
        static Reply ok(String body) {
            return new Reply(200, body);
        }

        static Reply error(int status, int code, String message) {
            return new Reply(status, "{\"error_code\":%d,\"message\":\"%s\"}".formatted(code, message));
        }
    }

    private FakeRegistry(HttpServer server, Function<Request, Reply> answer) {
        this.server = server;
        this.answer = answer;
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    static FakeRegistry answering(Function<Request, Reply> answer) {
        try {
            return new FakeRegistry(HttpServer.create(loopback(), 0), answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives the replies in order, and the last one for ever. */
    static FakeRegistry replying(Reply... replies) {
        AtomicInteger next = new AtomicInteger();
        return answering(request -> replies[Math.min(next.getAndIncrement(), replies.length - 1)]);
    }

    static FakeRegistry withTls(SSLContext tls, boolean clientMustShowCertificate, Reply reply) {
        try {
            HttpsServer server = HttpsServer.create(loopback(), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls) {
                @Override
                public void configure(HttpsParameters parameters) {
                    SSLParameters defaults = tls.getDefaultSSLParameters();
                    defaults.setNeedClientAuth(clientMustShowCertificate);
                    parameters.setSSLParameters(defaults);
                }
            });
            return new FakeRegistry(server, request -> reply);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    List<Request> requests() {
        return requests;
    }

    List<String> paths() {
        return requests.stream().map(Request::path).toList();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Request request = new Request(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().toString(),
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            requests.add(request);
            reply(exchange, answer.apply(request));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void reply(HttpExchange exchange, Reply reply) throws IOException, InterruptedException {
        if (reply.equals(NEVER)) {
            closed.await();
            return;
        }
        if (reply.equals(NEVER_ENDING)) {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            closed.await();
            return;
        }
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(reply.status(), body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
