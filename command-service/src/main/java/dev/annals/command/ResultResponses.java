package dev.annals.command;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.lanes.CommandAnswer;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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
        return "/v1/commands/" + encoded(commandId);
    }

    /** As a segment of a path, or a value of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    static Response answer(CommandAnswer answer, CommandHeaders headers, EventBodies events) {
        CommandResult result = answer.result();
        Response response = result.outcome() == CommandResult.Outcome.ACCEPTED
                ? accepted(answer, headers, events)
                : Response.of(problem(result, headers));
        return result.replayed() ? response.with("Idempotent-Replayed", "true") : response;
    }

    private static Response accepted(CommandAnswer answer, CommandHeaders headers, EventBodies events) {
        CommandResult result = answer.result();
        boolean represented = headers.representation() && !answer.events().isEmpty();
        boolean created = result.version() == result.events().size() && result.version() > 0;
        Response response = json(created ? 201 : 200, represented ? body(result, events.of(answer)) : body(result))
                .with("ETag", etag(result));
        if (created) {
            response = response.with("Location", "/v1/" + result.aggregateType() + "/" + result.aggregateId());
        }
        return represented ? response.with("Preference-Applied", "return=representation") : response;
    }

    private static Response json(int status, Body body) {
        return Response.json(status, json -> json.writePOJO(body));
    }

    /** What a command would come to: the events with their data, or that it would be rejected, or fail. */
    static Response tried(CommandAnswer answer, CommandHeaders headers, EventBodies events) {
        CommandResult result = answer.result();
        return result.outcome() == CommandResult.Outcome.ACCEPTED
                ? json(200, answer.events().isEmpty() ? body(result) : body(result, events.of(answer)))
                : Response.of(problem(result, headers));
    }

    /** Its result will be found, but there is none yet. */
    static Response pending(String commandId) {
        return Response.json(202, json -> json.writePOJO(Map.of("commandId", commandId, "outcome", "pending")))
                .with("Location", commandPath(commandId));
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
        int status = status(result, headers);
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

    private static int status(CommandResult result, CommandHeaders headers) {
        if (result.outcome() == CommandResult.Outcome.FAILED) {
            return 500;
        }
        if (result.isForbidden()) {
            return 403;
        }
        boolean conditional = headers.expectedVersion() != null;
        return conditional && CommandResult.VERSION_CONFLICT.equals(result.code()) ? 412 : 409;
    }

    private static String etag(CommandResult result) {
        return "\"" + result.version() + "\"";
    }
}
