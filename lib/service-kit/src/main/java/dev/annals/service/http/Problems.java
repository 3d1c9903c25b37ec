package dev.annals.service.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.HttpStatus;
import io.javalin.http.MethodNotAllowedResponse;
import java.util.Locale;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.EofException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a problem of whatever a handler throws. */
final class Problems {

    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);

    private Problems() {}

    static void install(RoutesConfig routes) {
        routes.exception(ProblemException.class, (e, ctx) -> Response.of(e).send(ctx));
        routes.exception(MethodNotAllowedResponse.class, (e, ctx) -> {
            ctx.header("Allow", String.join(", ", e.getDetails().values()));
            answer(
                    ctx,
                    ofStatus(
                            e.getStatus(),
                            "allowed here: " + String.join(", ", e.getDetails().values())));
        });
        routes.exception(HttpResponseException.class, (e, ctx) -> answer(ctx, ofStatus(e.getStatus(), e.getMessage())));
        routes.exception(
                HttpException.RuntimeException.class, // of a body that is not as it must be, or too late
                (e, ctx) -> answer(ctx, ofStatus(e.getCode(), e.getReason())));
        routes.exception(EofException.class, (e, ctx) -> {
            if (e instanceof HttpException early) {
                answer(ctx, ofStatus(early.getCode(), early.getReason()));
            } else {
                unexpected(e, ctx.method().name(), ctx.path()).send(ctx);
            }
        });
        routes.exception(
                Exception.class,
                (e, ctx) -> unexpected(e, ctx.method().name(), ctx.path()).send(ctx));
    }

    /** 500; the log says why. */
    static Response unexpected(Throwable failure, String method, String path) {
        LOG.atError()
                .addKeyValue("method", method)
                .addKeyValue("path", path)
                .setCause(failure)
                .log("request failed");
        return Response.of(
                ProblemException.of(500, "internal-error", "an unexpected error; the service's log says more"));
    }

    static Problem ofStatus(int status, @Nullable String detail) {
        return Problem.of(status, codeOf(status), detail);
    }

    /** The status' own words in kebab case: 404 is {@code not-found}. */
    private static String codeOf(int status) {
        String words = HttpStatus.forStatus(status).getMessage();
        return words.toLowerCase(Locale.ROOT).replaceAll("[^a-z]+", "-");
    }

    private static void answer(Context ctx, Problem problem) {
        Response.of(new ProblemException(problem)).send(ctx);
    }

    static byte[] json(Problem problem) {
        try {
            return Json.mapper().writeValueAsBytes(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem can't be written as JSON: " + problem.code(), e);
        }
    }
}
