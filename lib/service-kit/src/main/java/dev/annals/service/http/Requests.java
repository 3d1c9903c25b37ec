package dev.annals.service.http;

import dev.annals.service.access.Caller;
import dev.annals.service.access.Principal;
import io.javalin.http.Context;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads parts of a request; what doesn't fit is a problem that names the part, what was expected and what came. */
public final class Requests {

    private Requests() {}

    /** Who asks, and may. */
    public static Caller caller(Context ctx) {
        return Objects.requireNonNull(ctx.attribute(Guard.CALLER));
    }

    /** Whom limits are for: the principal, or the address of somebody without a token. */
    public static String client(Context ctx) {
        return client(caller(ctx), ctx.req().getRemoteAddr());
    }

    static String client(Caller caller, String address) {
        Principal principal = caller.principal();
        return principal == null ? address : principal.id();
    }

    /**
     * The body of a request with a JSON media type.
     *
     * @throws ProblemException 415 for another media type; one without any is taken for JSON. A body over the server's
     *     limit ends in 413
     */
    public static byte[] jsonBody(Context ctx) {
        requireJson(ctx.header("Content-Type")); // servlets look up the charset, and throw where nobody has it
        return ctx.bodyAsBytes();
    }

    /** @throws ProblemException as {@link #jsonBody}, by {@code Content-Type} */
    public static void requireJson(@Nullable String mediaType) {
        if (mediaType != null && !mediaType.isBlank() && !isJson(mediaType)) {
            throw ProblemException.of(
                    415, "unsupported-media-type", "Content-Type: expected application/json, got " + mediaType);
        }
    }

    /** curl's -d without a header sends application/x-www-form-urlencoded; that is refused, as any other type. */
    private static boolean isJson(String contentType) {
        String mediaType = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return mediaType.equals("application/json") || mediaType.endsWith("+json");
    }

    /**
     * A whole number among the query parameters.
     *
     * @throws ProblemException 400 if it is none or out of range
     */
    public static long wholeNumber(Context ctx, String parameter, long otherwise, long min, long max) {
        Long value = wholeNumber(ctx, parameter, min, max);
        return value == null ? otherwise : value;
    }

    /** As {@link #wholeNumber(Context, String, long, long, long)}, null where the parameter is not there. */
    public static @Nullable Long wholeNumber(Context ctx, String parameter, long min, long max) {
        String text = ctx.queryParam(parameter);
        if (text == null) {
            return null;
        }
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // refused below, together with numbers out of range
        }
        throw invalid(parameter, "a whole number from %d to %d".formatted(min, max), "'" + text + "'");
    }

    /**
     * A query parameter that is {@code true} or {@code false}; false where it is not there.
     *
     * @throws ProblemException 400 if it is neither
     */
    public static boolean flag(Context ctx, String parameter) {
        String text = ctx.queryParam(parameter);
        if (text == null || text.equals("false")) {
            return false;
        }
        if (!text.equals("true")) {
            throw invalid(parameter, "true or false", "'" + text + "'");
        }
        return true;
    }

    /** 400: a parameter, or a header like one, is not as it must be. */
    public static ProblemException invalid(String parameter, String expected, String actual) {
        return ProblemException.of(
                        400, "invalid-parameter", "%s: expected %s, got %s".formatted(parameter, expected, actual))
                .with("parameter", parameter);
    }
}
