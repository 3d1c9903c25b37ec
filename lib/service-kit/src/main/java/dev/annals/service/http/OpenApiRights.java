package dev.annals.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;

/** What an OpenAPI document says of tokens and rights; the same for all routes that are not open. */
final class OpenApiRights {

    private static final Set<String> OPEN = Set.of("/health/live", "/health/ready");
    private static final String SCHEME = "token";

    private static final Map<String, String> REFUSALS = Map.of(
            "401", "with annals.auth=oidc: there is no token, or none that counts",
            "403", "with annals.auth=oidc: no role of the token has the right to it");

    private OpenApiRights() {}

    /** What a document says itself of a status stays. */
    static void add(ObjectNode document) {
        document.withObject("/components/securitySchemes/" + SCHEME)
                .put("type", "http")
                .put("scheme", "bearer")
                .put("bearerFormat", "JWT");
        document.path("paths").properties().forEach(path -> {
            if (!OPEN.contains(path.getKey())) {
                path.getValue().forEach(OpenApiRights::addTo);
            }
        });
    }

    /** Of a path, what is none has no answers: parameters, for instance. */
    private static void addTo(JsonNode operation) {
        if (operation instanceof ObjectNode described && described.get("responses") instanceof ObjectNode responses) {
            described.putArray("security").addObject().putArray(SCHEME);
            REFUSALS.forEach((status, meaning) -> {
                if (!responses.has(status)) {
                    responses
                            .putObject(status)
                            .put("description", meaning)
                            .putObject("content")
                            .putObject("application/problem+json")
                            .putObject("schema")
                            .put("type", "object");
                }
            });
        }
    }
}
