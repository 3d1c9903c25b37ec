package dev.annals.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Instruction;
import dev.annals.service.access.Principal;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object in which an operator says what is to be done. A field that is not as it must be is a 400
 * {@code invalid-FIELD}, one that nobody knows too: it may have been meant to hold something back.
 *
 * @param expected the whole of it, for people
 */
public record OperatorBody(Context request, JsonNode json, String expected) {

    private static final String REASON = "reason";
    private static final String ACTOR = "actor";

    /**
     * Reads the body of a request; an empty one is an object without fields.
     *
     * @param fields that it may have
     * @throws ProblemException 400 for anything else
     */
    public static OperatorBody read(Context ctx, String expected, List<String> fields) {
        byte[] bytes = Requests.jsonBody(ctx);
        JsonNode json;
        try {
            json = bytes.length == 0
                    ? Json.mapper().createObjectNode()
                    : Json.mapper().readTree(bytes);
        } catch (IOException e) {
            throw ProblemException.of(400, "invalid-json", "expected " + expected);
        }
        if (!json.isObject()) {
            throw ProblemException.of(400, "invalid-json", "expected " + expected);
        }
        json.fieldNames().forEachRemaining(name -> {
            if (!fields.contains(name)) {
                throw ProblemException.of(
                        400, "unknown-field", "there is no field '%s' here: expected %s".formatted(name, expected));
            }
        });
        return new OperatorBody(ctx, json, expected);
    }

    /** Who has it done and why: whoever has the token; without one, whoever the body names. */
    public Instruction instruction() {
        String reason = valid(REASON);
        if (reason == null) {
            throw invalid(REASON);
        }
        Principal principal = Requests.caller(request).principal();
        if (principal != null) {
            return new Instruction(principal.type(), principal.id(), reason, Instant.now());
        }
        String actor = valid(ACTOR);
        return new Instruction(actor == null ? HeaderName.UNKNOWN_PRINCIPAL : actor, reason, Instant.now());
    }

    private @Nullable String valid(String field) {
        return text(field, text -> {
            if (!Instruction.isValid(text)) {
                throw new IllegalArgumentException();
            }
            return text;
        });
    }

    /**
     * What a field's text says; null where there is no such field.
     *
     * @param parse throws a runtime exception for what it can't be
     */
    public <T> @Nullable T text(String field, Function<String, T> parse) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isTextual()) {
            throw invalid(field);
        }
        try {
            return parse.apply(value.textValue());
        } catch (RuntimeException e) {
            throw invalid(field);
        }
    }

    /** A whole number that is not negative; null where there is no such field. */
    public @Nullable Long number(String field) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw invalid(field);
        }
        return value.longValue();
    }

    /** False where there is no such field. */
    public boolean flag(String field) {
        JsonNode value = json.path(field);
        if (!value.isMissingNode() && !value.isBoolean()) {
            throw invalid(field);
        }
        return value.booleanValue();
    }

    public ProblemException invalid(String field) {
        return ProblemException.of(400, "invalid-" + field, "field %s: expected %s".formatted(field, expected));
    }
}
