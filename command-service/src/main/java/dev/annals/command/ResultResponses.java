package dev.annals.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.service.http.ProblemException;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a command's result is in HTTP. */
final class ResultResponses {

    private ResultResponses() {}

    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Body(
            @Nullable String commandId,
            String aggregateType,
            String aggregateId,
            String outcome,
            @Nullable Long version,
            List<AppendedEvent> events,
            @Nullable String code,
            @Nullable String message) {}

    static String commandPath(String commandId) {
        return "/v1/commands/"
                + URLEncoder.encode(commandId, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** @throws ProblemException if it was rejected or failed */
    static void answer(Context ctx, CommandResult result, boolean conditional) {
        if (result.replayed()) {
            ctx.header("Idempotent-Replayed", "true");
        }
        switch (result.outcome()) {
            case ACCEPTED -> {
                boolean created = result.version() == result.events().size() && result.version() > 0;
                if (created) {
                    ctx.header("Location", "/v1/%s/%s".formatted(result.aggregateType(), result.aggregateId()));
                }
                ctx.status(created ? 201 : 200).header("ETag", etag(result)).json(body(result));
            }
            case REJECTED ->
                throw problem(result, conditional && CommandResult.VERSION_CONFLICT.equals(result.code()) ? 412 : 409);
            case FAILED -> throw problem(result, 500);
        }
    }

    /** The stored result, as a document of its own. */
    static Body body(CommandResult result) {
        return new Body(
                result.commandId(),
                result.aggregateType(),
                result.aggregateId(),
                result.outcome().name().toLowerCase(Locale.ROOT),
                result.knownVersion(),
                result.events(),
                result.code(),
                result.message());
    }

    private static ProblemException problem(CommandResult result, int status) {
        String code = result.code() == null ? "rejected" : result.code();
        ProblemException problem = ProblemException.of(status, code, result.message())
                .with("outcome", result.outcome().name().toLowerCase(Locale.ROOT))
                .with("aggregateType", result.aggregateType())
                .with("aggregateId", result.aggregateId());
        String id = result.commandId();
        if (id != null) {
            problem = problem.with("commandId", id);
        }
        Long version = result.knownVersion();
        return version == null ? problem : problem.with("version", version).withHeader("ETag", etag(result));
    }

    private static String etag(CommandResult result) {
        return "\"" + result.version() + "\"";
    }
}
