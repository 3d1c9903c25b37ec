package dev.annals.checker.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import dev.annals.lanes.CommandAnswer;
import dev.annals.lanes.CommandGateway;
import dev.annals.lanes.PeerCodec;
import dev.annals.lanes.Peers;
import dev.annals.service.http.PeerClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * The way between an embedded engine and command services, in both directions, as these have it among themselves:
 * {@code POST /internal/lanes/{type}?millis=&dry-run=}. Thread-safe.
 */
final class HttpHops implements Peers, AutoCloseable {

    private static final String PATH = "/internal/lanes/";
    private static final Pattern MILLIS = Pattern.compile("millis=(\\d{1,9})");
    private static final String DRY_RUN = "dry-run=";
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;
    private static final int NO_BODY = -1;

    private final PeerCodec codec;
    private final PeerClient client = new PeerClient();
    private final Supplier<@Nullable CommandGateway> gateway;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final LongAdder answered = new LongAdder();
    private final LongAdder given = new LongAdder();

    /** @param gateway that answers; null while there is none */
    HttpHops(Topics topics, AvroSerdes serdes, Supplier<@Nullable CommandGateway> gateway) throws IOException {
        this.codec = new PeerCodec(topics, serdes);
        this.gateway = gateway;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(PATH, this::take);
        server.setExecutor(threads);
        server.start();
    }

    /** Where others reach it. */
    String address() {
        InetSocketAddress bound = server.getAddress();
        return bound.getAddress().getHostAddress() + ":" + bound.getPort();
    }

    /** How often others have answered. */
    long answered() {
        return answered.sum();
    }

    /** How often others were answered. */
    long given() {
        return given.sum();
    }

    @Override
    public CompletionStage<CommandAnswer> ask(String address, Request request, Duration limit) {
        try {
            String path =
                    "%s%s?millis=%d&%s%b".formatted(PATH, request.type(), limit.toMillis(), DRY_RUN, request.dryRun());
            return client.sendAsync(
                            client.request(HostInfo.buildFromEndpoint(address), path)
                                    .header("Content-Type", "application/octet-stream")
                                    .POST(BodyPublishers.ofByteArray(codec.command(request.command())))
                                    .build(),
                            limit)
                    .thenApply(response -> answer(request.type(), response));
        } catch (RuntimeException e) { // who advertises no address
            return CompletableFuture.failedFuture(e);
        }
    }

    private CommandAnswer answer(String type, HttpResponse<byte[]> response) {
        if (response.statusCode() != OK) {
            throw new CompletionException(
                    new IOException("%d from %s".formatted(response.statusCode(), response.uri())));
        }
        answered.increment();
        return codec.answer(type, response.body());
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] answer =
                    answer(exchange.getRequestURI(), exchange.getRequestBody().readAllBytes());
            exchange.sendResponseHeaders(answer == null ? UNAVAILABLE : OK, answer == null ? NO_BODY : answer.length);
            if (answer != null) {
                exchange.getResponseBody().write(answer);
                given.increment();
            }
        }
    }

    /** Null where it is not decided here, or nobody knows. */
    private byte @Nullable [] answer(URI asked, byte[] command) {
        CommandGateway open = gateway.get();
        Matcher millis = MILLIS.matcher(asked.getQuery());
        if (open == null || !millis.find()) {
            return null;
        }
        String type = asked.getPath().substring(PATH.length());
        try {
            return open.answer(
                            new Request(
                                    type,
                                    codec.command(command),
                                    asked.getQuery().contains(DRY_RUN + true)),
                            Duration.ofMillis(Long.parseLong(millis.group(1))))
                    .thenApply(answer -> codec.answer(type, answer))
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            return null; // whoever asks goes to the topic
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
        client.close();
        codec.close();
    }
}
