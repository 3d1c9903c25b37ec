package dev.annals.console;

import dev.annals.service.http.PeerClient;
import dev.annals.service.http.ProblemException;
import io.javalin.http.Context;
import io.javalin.http.HandlerType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;

/**
 * A reverse proxy for the services' public HTTP APIs, so that a page needs one origin: {@code /api/query/v1/views} is
 * {@code /v1/views} of a query service. Only headers on a list go through, in both directions, so that nobody is taken
 * for another instance and no cookie or address of the browser gets out.
 *
 * <p>An instance that can't be connected to is passed over for the next one; one that breaks off, only where the
 * request changes nothing. Answers are in memory, bounded, and have a limit of time; server-sent events are passed on
 * as they come, each answer by a virtual thread. Thread-safe.
 */
final class Forwarding implements AutoCloseable {

    /** Longer than any service waits for what it answers. */
    static final Duration ANSWER_LIMIT = Duration.ofSeconds(45);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

    /** Services send a comment three times in their idle timeout, which is an hour at most. */
    private static final Duration SILENCE_LIMIT = Duration.ofMinutes(25);

    private static final Duration WATCH = Duration.ofSeconds(5);
    private static final int COPY_BYTES = 8_192;
    private static final int FORBIDDEN = 403;
    private static final String EVENTS = "text/event-stream";
    private static final String RETRY_SOON = "1";

    private static final Set<HandlerType> CHANGE_NOTHING = Set.of(HandlerType.GET, HandlerType.HEAD);

    private static final List<String> REQUEST_HEADERS = List.of(
            "Accept",
            "Authorization",
            "Content-Type",
            "Idempotency-Key",
            "If-Match",
            "If-None-Match",
            "Last-Event-ID",
            "Prefer",
            "X-Correlation-Id",
            "traceparent");

    /** Not {@code Location}, which is a path of the service; it stands in the body, too. */
    private static final List<String> ANSWER_HEADERS = List.of(
            "Allow",
            "Cache-Control",
            "Content-Type",
            "ETag",
            "Idempotent-Replayed",
            "Preference-Applied",
            "Retry-After",
            "WWW-Authenticate",
            "X-Served-By");

    /** What is public of a service; not what instances say to one another, and no way out of it by dots. */
    private static final Pattern PUBLIC = Pattern.compile("/v1/.+|/(openapi|settings)\\.json|/health/(live|ready)");

    private static final Pattern DOTS = Pattern.compile("(^|/)(\\.|%2e){1,2}(/|;|$)", Pattern.CASE_INSENSITIVE);

    private final Map<Upstream, Instances> upstreams = new EnumMap<>(Upstream.class);
    private final boolean readOnly;
    private final int liveLimit;
    private final Semaphore livePlaces;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_LIMIT)
            .build();
    private final ExecutorService threads = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("forward-", 0).factory());
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("forward-watchdog").factory());

    Forwarding(ConsoleConfig config) {
        for (Upstream upstream : Upstream.values()) {
            upstreams.put(upstream, new Instances(config.instances(upstream)));
        }
        readOnly = config.readOnly();
        liveLimit = config.liveAnswers();
        livePlaces = new Semaphore(liveLimit);
    }

    /** Answers {@code /api/{service}/<path>}. */
    void answer(Context ctx) {
        if (readOnly && !CHANGE_NOTHING.contains(ctx.method())) {
            throw ProblemException.of(
                    FORBIDDEN,
                    "read-only",
                    "this console sends nothing that changes something (%s)".formatted(ConsoleConfig.READ_ONLY));
        }
        Upstream upstream = Upstream.of(ctx.pathParam("service"))
                .orElseThrow(() -> notFound("'%s' is no service".formatted(ctx.pathParam("service"))));
        String target = target(ctx, upstream);
        byte[] body = ctx.bodyAsBytes(); // here: in another thread nobody answers for a body that is too large
        ctx.future(() -> CompletableFuture.runAsync(() -> forward(ctx, upstream, target, body), threads));
    }

    /** As it came, escapes included. */
    private static String target(Context ctx, Upstream upstream) {
        String path = ctx.req().getRequestURI().substring(("/api/" + upstream.path()).length());
        if (path.isEmpty()) {
            return "/";
        }
        if (!PUBLIC.matcher(path).matches() || DOTS.matcher(path).find()) {
            throw notFound("'%s' is nothing that is forwarded".formatted(path));
        }
        String query = ctx.queryString();
        return query == null ? path : path + "?" + query;
    }

    private static ProblemException notFound(String why) {
        return ProblemException.of(404, "not-found", why);
    }

    private void forward(Context ctx, Upstream upstream, String target, byte[] body) {
        try {
            send(ctx, ask(ctx, upstream, target, body));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw away(upstream, "the console ends");
        }
    }

    private HttpResponse<InputStream> ask(Context ctx, Upstream upstream, String target, byte[] body)
            throws InterruptedException {
        Instances instances = Objects.requireNonNull(upstreams.get(upstream));
        String why = "";
        for (URI instance : instances.inTurn()) {
            try {
                HttpResponse<InputStream> answer =
                        waitFor(client.sendAsync(request(ctx, instance, target, body), inMemoryButEvents()));
                instances.answered(instance);
                return answer;
            } catch (IOException e) {
                why = "%s does not answer: %s".formatted(instance, reason(e));
                if (!mayRepeat(ctx, e)) {
                    throw ProblemException.of(
                            502,
                            "no-answer",
                            why + "; it may have done what was asked: a repeat under the same Idempotency-Key is safe");
                }
            }
        }
        throw away(upstream, why);
    }

    /** What never arrived can go to another one; what broke off, where it changes nothing. */
    private static boolean mayRepeat(Context ctx, IOException failure) {
        return CHANGE_NOTHING.contains(ctx.method())
                || failure instanceof ConnectException
                || failure instanceof HttpConnectTimeoutException;
    }

    private static ProblemException away(Upstream upstream, String why) {
        return ProblemException.of(503, "service-away", "no %s service answers; %s".formatted(upstream.path(), why))
                .withHeader("Retry-After", RETRY_SOON);
    }

    private static String reason(IOException e) {
        if (e instanceof HttpConnectTimeoutException) {
            return "no connection within %d s".formatted(CONNECT_LIMIT.toSeconds());
        }
        if (e instanceof ConnectException) {
            return "nothing listens there"; // the JDK's has no message
        }
        String message = e.getMessage();
        return message == null ? e.getClass().getSimpleName() : message;
    }

    private static HttpRequest request(Context ctx, URI instance, String target, byte[] body) {
        URI address;
        try {
            address = URI.create(instance + target);
        } catch (IllegalArgumentException e) {
            throw ProblemException.of(400, "invalid-path", "characters in the path or query need an escape");
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(address).method(ctx.method().name(), publisher(ctx, body));
        for (String name : REQUEST_HEADERS) {
            String value = ctx.header(name);
            if (value != null) {
                request.header(name, value);
            }
        }
        return request.build();
    }

    private static BodyPublisher publisher(Context ctx, byte[] body) {
        return CHANGE_NOTHING.contains(ctx.method()) ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
    }

    /** Not as long as the body of a live answer comes. */
    private static HttpResponse<InputStream> waitFor(CompletableFuture<HttpResponse<InputStream>> answer)
            throws IOException, InterruptedException {
        try {
            return answer.get(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            boolean unused = answer.cancel(true);
            throw new IOException("no answer within %d s".formatted(ANSWER_LIMIT.toSeconds()), e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
        }
    }

    private static BodyHandler<InputStream> inMemoryButEvents() {
        return answer -> isEvents(answer.headers().firstValue("Content-Type").orElse(""))
                ? BodySubscribers.ofInputStream()
                : BodySubscribers.mapping(PeerClient.wholeAnswer().apply(answer), ByteArrayInputStream::new);
    }

    private static boolean isEvents(String mediaType) {
        return mediaType.startsWith(EVENTS);
    }

    private void send(Context ctx, HttpResponse<InputStream> answer) {
        try (InputStream body = answer.body()) {
            boolean live = isEvents(answer.headers().firstValue("Content-Type").orElse(""));
            if (live && !livePlaces.tryAcquire()) {
                throw ProblemException.of(
                                503, "unavailable", "%d live answers are forwarded already".formatted(liveLimit))
                        .withHeader("Retry-After", RETRY_SOON);
            }
            try {
                sendHead(ctx, answer);
                if (live) {
                    copy(ctx, body);
                } else {
                    ctx.result(body.readAllBytes());
                }
            } finally {
                if (live) {
                    livePlaces.release();
                }
            }
        } catch (IOException e) {
            // One side of a live answer has gone; the page comes back with the last id that it has seen.
        }
    }

    private static void sendHead(Context ctx, HttpResponse<InputStream> answer) {
        ctx.status(answer.statusCode());
        ctx.res().setCharacterEncoding(null); // the service has said it, where one is needed
        for (String name : ANSWER_HEADERS) {
            answer.headers().firstValue(name).ifPresent(value -> ctx.header(name, value));
        }
    }

    /** Past Javalin's own stream, which compresses and collects. */
    private void copy(Context ctx, InputStream events) throws IOException {
        OutputStream out = ctx.res().getOutputStream();
        ctx.res().flushBuffer();
        AtomicLong heardAt = new AtomicLong(System.nanoTime());
        ScheduledFuture<?> watch = watchdog.scheduleWithFixedDelay(
                () -> closeIfSilent(events, heardAt.get()), WATCH.toMillis(), WATCH.toMillis(), TimeUnit.MILLISECONDS);
        try {
            byte[] part = new byte[COPY_BYTES];
            for (int length = events.read(part); length >= 0; length = events.read(part)) {
                heardAt.set(System.nanoTime());
                out.write(part, 0, length);
                out.flush();
            }
        } finally {
            watch.cancel(false);
        }
    }

    private static void closeIfSilent(InputStream events, long heardAt) {
        if (System.nanoTime() - heardAt > SILENCE_LIMIT.toNanos()) {
            try {
                events.close();
            } catch (IOException e) {
                // It is over either way.
            }
        }
    }

    /** Ends what is forwarded. */
    @Override
    public void close() {
        threads.shutdownNow();
        watchdog.shutdownNow();
        client.shutdownNow();
    }
}
