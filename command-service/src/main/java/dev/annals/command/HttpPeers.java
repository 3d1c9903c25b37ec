package dev.annals.command;

import dev.annals.lanes.CommandAnswer;
import dev.annals.lanes.CommandGateway;
import dev.annals.lanes.EngineFullException;
import dev.annals.lanes.LaneMovedException;
import dev.annals.lanes.PeerCodec;
import dev.annals.lanes.Peers;
import dev.annals.service.http.PeerClient;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Requests;
import dev.annals.service.http.RouteAccess;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;

/**
 * Has the owner of an aggregate decide, over HTTP between instances: {@code POST /internal/lanes/{type}} with a command
 * as {@link PeerCodec} writes it, and {@code ?millis=} to answer within. Thread-safe.
 */
record HttpPeers(PeerClient client, PeerCodec codec) implements Peers {

    private static final String PATH = "/internal/lanes/";
    private static final String BYTES = "application/octet-stream";
    private static final String MILLIS = "millis";
    private static final String DRY_RUN = "dry-run";
    private static final int OK = 200;

    @Override
    public CompletionStage<CommandAnswer> ask(String address, Request request, Duration limit) {
        try {
            String path = "%s%s?%s=%d&%s=%b"
                    .formatted(PATH, request.type(), MILLIS, limit.toMillis(), DRY_RUN, request.dryRun());
            return client.sendAsync(
                            client.request(HostInfo.buildFromEndpoint(address), path)
                                    .header("Content-Type", BYTES)
                                    .POST(BodyPublishers.ofByteArray(codec.command(request.command())))
                                    .build(),
                            limit)
                    .thenApply(response -> answer(request.type(), response));
        } catch (RuntimeException e) { // an instance that advertises no address
            return CompletableFuture.failedFuture(e);
        }
    }

    private CommandAnswer answer(String type, HttpResponse<byte[]> response) {
        if (response.statusCode() != OK) {
            throw new CompletionException(
                    new IOException("%d from %s".formatted(response.statusCode(), response.uri())));
        }
        return codec.answer(type, response.body());
    }

    /** The other end. */
    void answer(RoutesConfig routes, CommandGateway gateway, Executor answering) {
        routes.post(
                PATH + "{type}",
                ctx -> ctx.future(() -> ask(ctx, gateway)
                        .handleAsync((answer, failure) -> tell(ctx, answer, failure), answering)
                        .toCompletableFuture()),
                RouteAccess.INTERNAL);
    }

    private CompletionStage<CommandAnswer> ask(Context ctx, CommandGateway gateway) {
        long millis = Requests.wholeNumber(ctx, MILLIS, 0, 0, CommandConfig.MAX_WAIT.toMillis());
        try {
            return gateway.answer(
                    new Request(
                            ctx.pathParam("type"),
                            codec.command(ctx.bodyAsBytes()),
                            Boolean.parseBoolean(ctx.queryParam(DRY_RUN))),
                    Duration.ofMillis(millis));
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(400, "invalid-command", String.valueOf(e.getMessage()));
        }
    }

    private @Nullable Void tell(Context ctx, @Nullable CommandAnswer answer, @Nullable Throwable failure) {
        if (answer != null) {
            ctx.contentType(BYTES).result(codec.answer(ctx.pathParam("type"), answer));
            return null;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        int status = cause instanceof LaneMovedException ? 421 : cause instanceof EngineFullException ? 429 : 503;
        throw ProblemException.of(status, "not-decided", "not decided here: " + cause);
    }
}
