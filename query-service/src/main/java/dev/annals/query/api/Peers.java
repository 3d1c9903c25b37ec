package dev.annals.query.api;

import dev.annals.engine.notes.ViewId;
import dev.annals.query.table.TableUnavailableException;
import dev.annals.service.http.PeerClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.apache.kafka.streams.state.HostInfo;

/** Other instances of this service. Blocks the calling thread. Thread-safe. */
final class Peers implements AutoCloseable {

    /** Where {@link #leaveAllBefore} is asked for; not for clients. */
    static final String LEAVE = "/internal/views/{view}/leave";

    /** Where {@link #hasFoundReadable} is asked for; not for clients. */
    static final String READABLE = "/internal/views/{view}/readable";

    /** Beyond what the request itself may wait. */
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(5);

    /** For a word that is all that is asked of it. */
    private static final Duration LEAVE_LIMIT = Duration.ofSeconds(1);

    /** The one that asks is asked itself, and has to answer within the limit above. */
    private static final Duration READABLE_LIMIT = Duration.ofMillis(500);

    private static final int UNAVAILABLE = 503;

    /** It says so; or it is of a release that can't be asked. */
    private static final Set<Integer> YES = Set.of(204, 404);

    private static final List<String> PASSED_BACK = List.of("ETag", "Retry-After", Router.SERVED_BY);

    private final PeerClient client = new PeerClient();

    /**
     * Another instance's answer to the same request.
     *
     * @param wait how long the request may wait there
     * @throws TableUnavailableException if it can't be reached or can't answer
     */
    Answer pass(HostInfo owner, Target target, Duration wait) {
        return send(owner, request(owner, target, wait).build());
    }

    /** As {@link #pass}, where the owner does not answer: from a standby's copy. */
    Answer passToStandby(HostInfo standby, Target target, Duration wait) {
        return send(
                standby,
                request(standby, target, wait).header(Target.STANDBY, "1").build());
    }

    /**
     * Another instance's answer to the same request as it comes; close it. Not limited in time once it has begun.
     *
     * @throws TableUnavailableException if it can't be reached or can't answer
     */
    HttpResponse<InputStream> stream(HostInfo owner, Target target, Map<String, String> headers) {
        HttpRequest.Builder request = request(owner, target, Duration.ZERO);
        headers.forEach(request::header);
        HttpResponse<InputStream> response = exchange(owner, request.build(), BodyHandlers.ofInputStream());
        if (response.statusCode() == UNAVAILABLE) {
            close(response.body());
            throw cantAnswer(owner);
        }
        return response;
    }

    private static void close(InputStream body) {
        try {
            body.close();
        } catch (IOException e) {
            // Nothing more of it is read either way.
        }
    }

    /**
     * Another instance's part of a list.
     *
     * @param standby whether copies will do
     */
    Answer part(HostInfo holder, Target target, Set<Integer> partitions, boolean standby) {
        String numbers = partitions.stream().map(String::valueOf).collect(Collectors.joining(","));
        HttpRequest.Builder request = request(holder, target, Duration.ZERO).header(Target.PARTITIONS, numbers);
        if (standby) {
            request.header(Target.STANDBY, "1");
        }
        return send(holder, request.build());
    }

    /**
     * Asks another instance to answer nothing any more from before a generation, see {@link Leaving}. Doesn't block and doesn't fail.
     *
     * @return true if it does so from now on, or can't be asked: it is gone, or of an earlier release; false if it can't yet, or says nothing
     */
    CompletableFuture<Boolean> leaveAllBefore(HostInfo other, ViewId next) {
        HttpRequest request = PeerClient.request(other, LEAVE.replace("{view}", next.name()))
                .header(Target.GENERATION, Integer.toString(next.generation()))
                .POST(BodyPublishers.noBody())
                .build();
        return client.sendAsync(request, LEAVE_LIMIT)
                .handle((response, failure) ->
                        response == null ? isNobodyThere(failure) : YES.contains(response.statusCode()));
    }

    /**
     * Asks another instance whether it has found a generation readable everywhere. Doesn't block and doesn't fail.
     *
     * @return true if it has, or is of a release that can't be asked; false if it has not, or says nothing
     */
    CompletableFuture<Boolean> hasFoundReadable(HostInfo other, ViewId next) {
        HttpRequest request = PeerClient.request(other, READABLE.replace("{view}", next.name()))
                .header(Target.GENERATION, Integer.toString(next.generation()))
                .build();
        return client.sendAsync(request, READABLE_LIMIT)
                .handle((response, failure) -> response != null && YES.contains(response.statusCode()));
    }

    private static boolean isNobodyThere(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof ConnectException;
    }

    private static HttpRequest.Builder request(HostInfo owner, Target target, Duration wait) {
        HttpRequest.Builder request =
                PeerClient.request(owner, target.pathAndQuery()).timeout(ANSWER_LIMIT.plus(wait));
        if (target.generation() != null) {
            request.header(Target.GENERATION, target.generation().toString());
        }
        return request;
    }

    private Answer send(HostInfo owner, HttpRequest request) {
        HttpResponse<byte[]> response = exchange(owner, request, BodyHandlers.ofByteArray());
        if (response.statusCode() == UNAVAILABLE) {
            throw cantAnswer(owner);
        }
        return new Answer(
                response.statusCode(),
                response.headers().firstValue("Content-Type").orElse("application/json"),
                passedBack(response),
                response.body());
    }

    private <B> HttpResponse<B> exchange(HostInfo owner, HttpRequest request, BodyHandler<B> body) {
        try {
            return client.send(request, body);
        } catch (IOException e) {
            throw new TableUnavailableException("%s:%d does not answer".formatted(owner.host(), owner.port()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Answering.unavailable("the service is stopping");
        }
    }

    private static TableUnavailableException cantAnswer(HostInfo owner) {
        return new TableUnavailableException("%s:%d can't answer now".formatted(owner.host(), owner.port()));
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
