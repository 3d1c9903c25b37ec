package dev.annals.service.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.service.AuditSettings;
import dev.annals.service.StartupException;
import dev.annals.service.access.Action;
import dev.annals.service.access.ActionKind;
import dev.annals.service.access.Caller;
import dev.annals.service.access.Principal;
import dev.annals.service.access.TokenBuckets;
import dev.annals.service.logging.JsonLines;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * The audit log: who has done what, by the logger {@value #LOGGER}, a JSON object a line (JSON Lines). Of commands, of
 * what operators do, and of whatever is refused, each request; of what is read only where that is asked for. JSON
 * escapes whatever a client sends, and all that is not ASCII, so nobody forges a line. Thread-safe.
 */
final class AuditLog {

    static final String LOGGER = "annals.audit";

    /**
     * Of one address: refusals cost a client nothing, and would fill the disk. Those without a line are counted in the
     * next one.
     */
    private static final int REFUSALS_PER_SECOND = 10;

    /** Headers and paths are as long as a client likes. */
    private static final int MOST_CHARACTERS = 1_000;

    private static final int UNAUTHENTICATED = 401;
    private static final int FORBIDDEN = 403;
    private static final int FIRST_REJECTION = 400;
    private static final int FIRST_FAILURE = 500;

    private static final String ASKED = "annals.audit.asked";
    private static final String AUTHORIZATION = "Authorization";
    private static final String COMMAND_ID = "Idempotency-Key";
    private static final String TRACE = "traceparent";

    /** Its second part is the id of the trace (W3C Trace Context). */
    private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{2}-([0-9a-f]{32})-.*");

    private static final ObjectWriter ASCII = Json.mapper().writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private final @Nullable Logger log;
    private final boolean reads;
    private final Guard guard;
    private final TokenBuckets refusals = new TokenBuckets(REFUSALS_PER_SECOND);
    private final LongAdder omitted = new LongAdder();

    private AuditLog(@Nullable Logger log, boolean reads, Guard guard) {
        this.log = log;
        this.reads = reads;
        this.guard = guard;
    }

    /** @throws StartupException if the file can't be written: what is not kept must not be done */
    static AuditLog open(AuditSettings settings, Guard guard) {
        String to = settings.to();
        if (to == null) {
            return new AuditLog(null, false, guard);
        }
        try {
            Path file = to.equals(AuditSettings.STDOUT) ? null : Path.of(to);
            return new AuditLog(JsonLines.logger(LOGGER, file), settings.reads(), guard);
        } catch (IOException | IllegalArgumentException e) {
            throw new StartupException("%s=%s can't be written: %s".formatted(AuditSettings.AUDIT, to, e), e);
        }
    }

    /** What was asked for; its kind is that of its action, but who only looks is no operator at work. */
    private record Asked(ActionKind kind, String action) {

        static Asked of(String method, Supplier<Action> action) {
            try {
                Action asked = action.get();
                ActionKind kind = ActionKind.of(asked);
                boolean looks = kind == ActionKind.OPERATE && (method.equals("GET") || method.equals("HEAD"));
                return new Asked(looks ? ActionKind.READ : kind, asked.name());
            } catch (ProblemException e) { // there is no such thing
                return new Asked(ActionKind.OTHER, "unknown");
            }
        }
    }

    /** Before the guard, so that what it refuses is known by its name. */
    void install(RoutesConfig routes) {
        if (log != null) {
            routes.beforeMatched(ctx -> ctx.attribute(
                    ASKED, Asked.of(ctx.req().getMethod(), () -> Guard.of(ctx).action(ctx::pathParam))));
        }
    }

    /** A request that Javalin has answered. */
    void answered(Context ctx) {
        Asked asked = ctx.attribute(ASKED);
        if (asked != null && isKept(asked, ctx.statusCode())) {
            Caller caller = ctx.attribute(Guard.CALLER);
            write(
                    asked,
                    caller == null ? Caller.ANYBODY : caller,
                    ctx.req().getMethod(),
                    ctx.req().getRequestURI(),
                    ctx.statusCode(),
                    ctx.req().getRemoteAddr(),
                    ctx::header);
        }
    }

    /**
     * A request that a core handler has answered.
     *
     * @param action of the request
     * @param caller of one that was let in
     */
    void answered(Supplier<Action> action, Caller caller, String path, int status, Request request) {
        if (log == null) {
            return;
        }
        Asked asked = Asked.of(request.getMethod(), action);
        if (isKept(asked, status)) {
            write(
                    asked,
                    caller,
                    request.getMethod(),
                    path,
                    status,
                    Request.getRemoteAddr(request),
                    request.getHeaders()::get);
        }
    }

    private boolean isKept(Asked asked, int status) {
        return switch (asked.kind()) {
            case COMMAND, OPERATE -> true;
            case READ -> reads || isDenied(status);
            case OTHER -> isDenied(status);
        };
    }

    private static boolean isDenied(int status) {
        return status == UNAUTHENTICATED || status == FORBIDDEN;
    }

    private static String outcome(int status) {
        if (isDenied(status)) {
            return "denied";
        }
        return status < FIRST_REJECTION ? "done" : status < FIRST_FAILURE ? "rejected" : "failed";
    }

    /** Of a request that was refused, whose token it had is asked once more. */
    private void write(
            Asked asked,
            Caller caller,
            String method,
            String path,
            int status,
            String address,
            Function<String, @Nullable String> header) {
        if (isDenied(status) && !refusals.take(address).isZero()) {
            omitted.increment();
            return;
        }
        Principal known = caller.principal();
        Principal principal = known == null ? guard.asking(header.apply(AUTHORIZATION)) : known;
        ObjectNode line = Json.mapper().createObjectNode();
        line.put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("actor", principal == null ? null : principal.id());
        line.put("actorType", principal == null ? null : principal.type());
        line.put("action", asked.action());
        line.put("method", method);
        line.put("path", shortened(path));
        line.put("outcome", outcome(status));
        line.put("status", status);
        line.put("commandId", shortened(header.apply(COMMAND_ID)));
        line.put("address", address);
        line.put("trace", traceId(header.apply(TRACE)));
        long without = isDenied(status) ? omitted.sumThenReset() : 0;
        if (without > 0) {
            line.put("omitted", without);
        }
        if (log != null) {
            log.info(text(line));
        }
    }

    private static @Nullable String traceId(@Nullable String traceparent) {
        Matcher parts = TRACE_ID.matcher(traceparent == null ? "" : traceparent);
        return parts.matches() ? parts.group(1) : null;
    }

    private static @Nullable String shortened(@Nullable String text) {
        return text == null || text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
    }

    private static String text(ObjectNode line) {
        try {
            return ASCII.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree can always be written", e);
        }
    }
}
