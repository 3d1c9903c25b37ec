package dev.annals.query.routing;

import dev.annals.engine.kafka.EventKey;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Requests;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Query parameters, each once and none that is unknown. */
public final class Parameters {

    public static final String LIMIT = "limit";
    public static final String CURSOR = "cursor";
    public static final String MIN_VERSION = "min_version";
    public static final String TIMEOUT = "timeout";
    public static final String FROM = "from";
    public static final String ORDER = "order";
    public static final String VERSION = "version";
    public static final String AT = "at";
    public static final String LAST_EVENT_ID = "Last-Event-ID";

    public static final int MAX_LIMIT = 1_000;
    public static final int DEFAULT_LIMIT = 50;
    public static final int DEFAULT_EVENTS = 100;

    /** Seconds that a request may ask to wait. */
    public static final int MAX_TIMEOUT = 60;

    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);

    private Parameters() {}

    /** @throws ProblemException 400 if there is another parameter, or one twice */
    public static void allowOnly(Context ctx, List<String> allowed) {
        ctx.queryParamMap().forEach((name, values) -> {
            if (!allowed.contains(name)) {
                throw ProblemException.of(
                                400,
                                "unknown-parameter",
                                "there is no parameter '%s' here; allowed: %s"
                                        .formatted(
                                                name,
                                                allowed.isEmpty() ? "none" : String.join(", ", new TreeSet<>(allowed))))
                        .with("parameter", name);
            }
            if (values.size() > 1) {
                throw Requests.invalid(name, "one value", values.size() + " values");
            }
        });
    }

    public static int limit(Context ctx, int otherwise) {
        return (int) Requests.wholeNumber(ctx, LIMIT, otherwise, 1, MAX_LIMIT);
    }

    public static @Nullable Long version(Context ctx, String name) {
        return Requests.wholeNumber(ctx, name, 1, EventKey.MAX_VERSION);
    }

    public static Duration timeout(Context ctx) {
        String text = ctx.queryParam(TIMEOUT);
        if (text == null) {
            return DEFAULT_TIMEOUT;
        }
        if (text.matches("[0-9]{1,3}(\\.[0-9]{1,3})?")) {
            BigDecimal seconds = new BigDecimal(text);
            if (seconds.compareTo(BigDecimal.valueOf(MAX_TIMEOUT)) <= 0) {
                return Duration.ofMillis(seconds.movePointRight(3).longValueExact());
            }
        }
        throw Requests.invalid(TIMEOUT, "seconds from 0 to " + MAX_TIMEOUT, "'" + text + "'");
    }

    public static @Nullable Instant time(Context ctx, String name) {
        String text = ctx.queryParam(name);
        if (text == null) {
            return null;
        }
        try {
            if (text.endsWith("Z")) {
                return Instant.parse(text);
            }
        } catch (DateTimeException e) {
            // refused below, together with times without a zone
        }
        throw Requests.invalid(name, "a time in UTC such as 2011-01-04T10:00:00Z", "'" + text + "'");
    }
}
