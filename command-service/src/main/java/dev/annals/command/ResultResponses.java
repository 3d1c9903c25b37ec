package dev.annals.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.lanes.CommandAnswer;
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
            List<?> events,
            @Nullable String code,
            @Nullable String message) {}

    static String commandPath(String commandId) {
        return "/v1/commands/"
                + URLEncoder.encode(commandId, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** @throws ProblemException if it was rejected or failed */
    static void answer(Context ctx, CommandAnswer answer, CommandHeaders headers, EventBodies events) {
        CommandResult result = answer.result();
        if (result.replayed()) {
            ctx.header("Idempotent-Replayed", "true");
        }
        switch (result.outcome()) {
            case ACCEPTED -> {
                boolean created = result.version() == result.events().size() && result.version() > 0;
                if (created) {
                    ctx.header("Location", "/v1/%s/%s".formatted(result.aggregateType(), result.aggregateId()));
                }
                ctx.status(created ? 201 : 200).header("ETag", etag(result));
                if (headers.representation() && !answer.events().isEmpty()) {
                    ctx.header("Preference-Applied", "return=representation").json(body(result, events.of(answer)));
                } else {
                    ctx.json(body(result));
                }
            }
            case REJECTED, FAILED -> throw problem(result, headers);
        }
    }

    /**
     * What a command would come to: the events with their data.
     *
     * @throws ProblemException if it would be rejected, or fail
     */
    static void tried(Context ctx, CommandAnswer answer, CommandHeaders headers, EventBodies events) {
        CommandResult result = answer.result();
        if (result.outcome() != CommandResult.Outcome.ACCEPTED) {
            throw problem(result, headers);
        }
        ctx.json(body(result, events.of(answer)));
    }

    /** The stored result, as a document of its own. */
    static Body body(CommandResult result) {
        return body(result, result.events());
    }

    private static Body body(CommandResult result, List<?> events) {
        return new Body(
                result.commandId(),
                result.aggregateType(),
                result.aggregateId(),
                result.outcome().name().toLowerCase(Locale.ROOT),
                result.knownVersion(),
                events,
                result.code(),
                result.message());
    }

    private static ProblemException problem(CommandResult result, CommandHeaders headers) {
        boolean conditional = headers.expectedVersion() != null;
        int status = result.outcome() == CommandResult.Outcome.FAILED
                ? 500
                : conditional && CommandResult.VERSION_CONFLICT.equals(result.code()) ? 412 : 409;
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
