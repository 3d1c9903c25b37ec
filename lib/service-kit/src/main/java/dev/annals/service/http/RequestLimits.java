package dev.annals.service.http;

import dev.annals.service.Limits;
import dev.annals.service.access.ActionKind;
import dev.annals.service.access.TokenBuckets;
import io.javalin.config.RoutesConfig;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Rate limiting: of commands, and of what is read, each principal may have so many a second on an instance; of those
 * without a token, each address. What another instance passes on was counted there. Thread-safe.
 */
final class RequestLimits {

    static final String REFUSED_METER = "annals.limits.refused";

    /** Of a request that a core handler has counted, and that Javalin answers. */
    static final String TAKEN = "annals.limits.taken";

    private record Rate(int perSecond, TokenBuckets buckets, Counter refused) {}

    private final Map<ActionKind, Rate> rates = new EnumMap<>(ActionKind.class);

    RequestLimits(Limits limits, MeterRegistry meters) {
        limit(ActionKind.COMMAND, limits.commandsPerSecond(), meters);
        limit(ActionKind.READ, limits.readsPerSecond(), meters);
    }

    private void limit(ActionKind kind, int perSecond, MeterRegistry meters) {
        if (perSecond > 0) {
            Counter refused = Counter.builder(REFUSED_METER)
                    .tag("kind", kind.name().toLowerCase(Locale.ROOT))
                    .description("requests beyond what one principal or address may have")
                    .register(meters);
            rates.put(kind, new Rate(perSecond, new TokenBuckets(perSecond), refused));
        }
    }

    /** Behind the guard. */
    void install(RoutesConfig routes) {
        if (!rates.isEmpty()) {
            routes.beforeMatched(ctx -> {
                if (!PeerClient.isPassedOn(ctx) && ctx.req().getAttribute(TAKEN) == null) {
                    take(ActionKind.of(Guard.of(ctx).action(ctx::pathParam)), Requests.client(ctx));
                }
            });
        }
    }

    /** @throws ProblemException 429 if there were too many */
    void take(ActionKind kind, String client) {
        Rate rate = rates.get(kind);
        if (rate == null) {
            return;
        }
        Duration wait = rate.buckets().take(client);
        if (!wait.isZero()) {
            rate.refused().increment();
            throw ProblemException.of(
                            429,
                            "too-many-requests",
                            "more than %d %ss a second; try again later"
                                    .formatted(rate.perSecond(), kind.name().toLowerCase(Locale.ROOT)))
                    .withHeader(
                            "Retry-After",
                            Long.toString(Math.max(1, wait.plusMillis(999).toSeconds())));
        }
    }
}
