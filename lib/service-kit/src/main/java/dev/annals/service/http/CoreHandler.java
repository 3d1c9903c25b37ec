package dev.annals.service.http;

import dev.annals.service.access.Action;
import dev.annals.service.access.ActionKind;
import dev.annals.service.access.Caller;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.jspecify.annotations.Nullable;

/**
 * Answers the plain requests of {@link CoreRoute}s without servlets, and passes all others on. Plain is what most
 * programs send: a path without escapes, no query, a body of a known length within the limit, an {@code Accept} that
 * takes JSON, none of the headers that browsers, other instances or caches send, and a host that is known. So what is
 * refused, negotiated or allowed for any of those reasons is decided in one place, by Javalin's routes.
 */
final class CoreHandler extends Handler.Wrapper {

    private static final Set<String> PLAIN_ACCEPT = Set.of("*/*", "application/json");

    /** Of which each asks for more than a plain answer. */
    private static final List<String> NOT_PLAIN =
            List.of("Origin", "Sec-Fetch-Site", "Transfer-Encoding", "Expect", PeerClient.HOP);

    private static final byte[] NO_BODY = {};

    private final List<Route> routes;
    private final Guard guard;
    private final RequestLimits limits;
    private final AuditLog audit;
    private final HostNames hosts;
    private final List<String> vary;
    private final MeterRegistry meters;

    /** @param vary on which headers of a request answers depend, for caches */
    CoreHandler(
            List<CoreRoute> routes,
            Guard guard,
            RequestLimits limits,
            AuditLog audit,
            HostNames hosts,
            List<String> vary,
            MeterRegistry meters) {
        this.routes = routes.stream().map(Route::new).toList();
        this.guard = guard;
        this.limits = limits;
        this.audit = audit;
        this.hosts = hosts;
        this.vary = List.copyOf(vary);
        this.meters = meters;
    }

    private record Route(CoreRoute route, List<String> segments, List<String> names, Map<Integer, Timer> timers) {

        Route(CoreRoute route) {
            this(
                    route,
                    List.of(route.template().split("/", -1)),
                    Stream.of(route.template().split("/", -1))
                            .filter(each -> each.startsWith("{"))
                            .map(each -> each.substring(1, each.length() - 1))
                            .toList(),
                    new ConcurrentHashMap<>());
        }

        /** What stands in the places of braces; null if the path is of another route. */
        @Nullable
        List<String> parameters(String[] path) {
            if (path.length != segments.size()) {
                return null;
            }
            List<String> parameters = new ArrayList<>();
            for (int i = 0; i < path.length; i++) {
                String segment = segments.get(i);
                if (!segment.startsWith("{")) {
                    if (!segment.equals(path[i])) {
                        return null;
                    }
                } else if (path[i].isEmpty()) {
                    return null;
                } else {
                    parameters.add(path[i]);
                }
            }
            return parameters;
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String path = plainPath(request.getHttpURI());
        if (path == null || !isPlain(request)) {
            return super.handle(request, response, callback);
        }
        String[] segments = path.split("/", -1);
        for (Route route : routes) {
            List<String> parameters =
                    route.route().method().equals(request.getMethod()) ? route.parameters(segments) : null;
            if (parameters != null && route.route().serves().test(parameters)) {
                return handle(new Exchange(route, path, parameters, request, response, callback));
            }
        }
        return super.handle(request, response, callback);
    }

    private boolean handle(Exchange exchange) throws Exception {
        if (!exchange.admit()) {
            return true;
        }
        if (exchange.request.getLength() > 0) {
            Content.Source.asByteArrayAsync(
                    exchange.request,
                    (int) HttpServer.MAX_BODY_BYTES,
                    Promise.Invocable.<byte[]>from(
                            InvocationType.BLOCKING, exchange::answer, exchange.callback::failed));
            return true;
        }
        return exchange.answer(NO_BODY) || super.handle(exchange.request, exchange.response, exchange.callback);
    }

    /** Null where anything has to be decoded or put right. */
    private static @Nullable String plainPath(HttpURI uri) {
        String path = uri.getPath();
        boolean plain = path != null
                && uri.getQuery() == null
                && uri.getFragment() == null
                && path.chars().allMatch(c -> c > ' ' && c < 0x7F && c != '%' && c != ';')
                && path.equals(uri.getCanonicalPath());
        return plain ? path : null;
    }

    private boolean isPlain(Request request) {
        HttpFields fields = request.getHeaders();
        String accept = fields.get(HttpHeader.ACCEPT);
        return (accept == null || PLAIN_ACCEPT.contains(accept))
                && NOT_PLAIN.stream().noneMatch(fields::contains)
                && request.getLength() <= HttpServer.MAX_BODY_BYTES
                && hosts.isKnown(fields.get(HttpHeader.HOST));
    }

    private final class Exchange {

        private final Route route;
        private final String path;
        private final List<String> parameters;
        private final Request request;
        private final Response response;
        private final Callback callback;
        private Caller caller = Caller.ANYBODY;

        Exchange(
                Route route,
                String path,
                List<String> parameters,
                Request request,
                Response response,
                Callback callback) {
            this.route = route;
            this.path = path;
            this.parameters = parameters;
            this.request = request;
            this.response = response;
            this.callback = callback;
        }

        /** @return false where the request is refused, and answered so */
        boolean admit() {
            try {
                caller = guard.admit(
                        request.getHeaders().get(HttpHeader.AUTHORIZATION),
                        route.route().access(),
                        this::parameter,
                        false);
                limits.take(ActionKind.of(action()), Requests.client(caller, Request.getRemoteAddr(request)));
                request.setAttribute(RequestLimits.TAKEN, true);
                return true;
            } catch (ProblemException e) {
                send(refusal(e));
                return false;
            }
        }

        private Action action() {
            return route.route().access().action(this::parameter);
        }

        private String parameter(String name) {
            return parameters.get(route.names().indexOf(name));
        }

        /** @return false where Javalin's route has to */
        boolean answer(byte[] body) {
            CompletionStage<dev.annals.service.http.Response> answer;
            try {
                answer = route.route()
                        .handler()
                        .answer(new CoreRoute.Request(path, parameters, request.getHeaders(), body, caller));
            } catch (RuntimeException e) {
                send(refusal(e));
                return true;
            }
            if (answer == null) {
                return false;
            }
            answer.whenComplete((sent, failure) -> send(failure == null ? sent : refusal(failure)));
            return true;
        }

        private dev.annals.service.http.Response refusal(Throwable failure) {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return cause instanceof ProblemException refused
                    ? dev.annals.service.http.Response.of(refused)
                    : Problems.unexpected(cause, request.getMethod(), path);
        }

        private void send(dev.annals.service.http.Response answer) {
            try {
                route.timers()
                        .computeIfAbsent(answer.status(), this::timer)
                        .record(System.nanoTime() - request.getBeginNanoTime(), TimeUnit.NANOSECONDS);
                audit.answered(this::action, caller, path, answer.status(), request);
                response.setStatus(answer.status());
                HttpFields.Mutable headers = response.getHeaders();
                vary.forEach(header -> headers.add(HttpHeader.VARY, header));
                answer.headers().forEach(headers::put);
                if (answer.body().length > 0) {
                    headers.put(HttpHeader.CONTENT_TYPE, answer.contentType());
                }
                response.write(true, ByteBuffer.wrap(answer.body()), callback);
            } catch (RuntimeException e) {
                callback.failed(e);
            }
        }

        private Timer timer(int status) {
            return HttpServer.requestTimer(
                    meters, route.route().method(), route.route().template(), status);
        }
    }
}
