package dev.annals.testsupport.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * An OpenAPI 3.1 document, whose schemas are JSON Schema 2020-12, and what in a service differs from it. Faults are
 * texts; none means that it is true. For one thread.
 */
public final class OpenApiDocument {

    private static final JsonSchemaFactory SCHEMAS = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012);
    private static final SchemaValidatorsConfig STRICT =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonNode document;

    /**
     * One method of one path.
     *
     * @param method in upper case
     * @param path with its parameters in braces
     */
    public record Operation(String method, String path, JsonNode json) {

        /** Whether it can answer with this status in this media type. */
        public boolean answers(int status, String mediaType) {
            return content(status).has(mediaType);
        }

        private JsonNode content(int status) {
            return json.path("responses").path(Integer.toString(status)).path("content");
        }

        /** The example of the body that is to be sent; missing where there is none. */
        public JsonNode exampleToSend() {
            return json.at("/requestBody/content/application~1json/example");
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    public OpenApiDocument(JsonNode document) {
        this.document = document;
    }

    public String version() {
        return document.path("openapi").asText();
    }

    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .forEachEntry((path, methods) -> methods.forEachEntry(
                        (method, json) -> operations.add(new Operation(method.toUpperCase(Locale.ROOT), path, json))));
        return operations;
    }

    /** Routes as {@code GET /v1/{view}} that no operation of the document belongs to. */
    public List<String> undescribed(Set<String> routes) {
        return routes.stream()
                .filter(route -> operations().stream()
                        .noneMatch(operation ->
                                pattern(route).matcher(operation.toString()).matches()))
                .toList();
    }

    private static Pattern pattern(String route) {
        return Pattern.compile(route.replaceAll("\\{[^}]*}", "[^/]+"));
    }

    /** What in the examples is not as their schemas have it, and what of JSON has no schema or no example. */
    public List<String> faultsOfExamples() {
        List<String> faults = new ArrayList<>();
        for (Operation operation : operations()) {
            examples(
                    operation + " request", operation.json().path("requestBody").path("content"), faults);
            operation
                    .json()
                    .path("responses")
                    .forEachEntry(
                            (status, response) -> examples(operation + " " + status, response.path("content"), faults));
        }
        return faults;
    }

    private void examples(String where, JsonNode content, List<String> faults) {
        content.forEachEntry((mediaType, described) -> {
            JsonNode example = described.path("example");
            if (!described.has("schema")) {
                faults.add("%s %s: no schema".formatted(where, mediaType));
            } else if (!example.isMissingNode()) {
                faults.addAll(invalid(where + " example", described.get("schema"), example));
            } else if (where.endsWith("request")) {
                faults.add("%s %s: no example".formatted(where, mediaType));
            }
        });
    }

    /** What in an answer is not as the document has it: its status, its media type or its body. */
    public List<String> faults(Operation operation, HttpResponse<?> response, byte[] body) {
        int status = response.statusCode();
        String where = "%s answered %d".formatted(operation, status);
        if (!operation.json().path("responses").has(Integer.toString(status))) {
            return List.of(where + ", which is not described");
        }
        JsonNode content = operation.content(status);
        if (content.isEmpty()) {
            return body.length == 0 ? List.of() : List.of(where + " with a body, which is not described");
        }
        String mediaType =
                response.headers().firstValue("Content-Type").orElse("").split(";", 2)[0];
        if (!content.has(mediaType)) {
            return List.of("%s with %s, which is not described".formatted(where, mediaType));
        }
        if (!mediaType.endsWith("json")) {
            return List.of();
        }
        try {
            return invalid(where, content.path(mediaType).path("schema"), MAPPER.readTree(body));
        } catch (IOException e) {
            return List.of(where + " with what is no JSON: " + e.getMessage());
        }
    }

    private List<String> invalid(String where, JsonNode schema, JsonNode value) {
        ObjectNode whole = JsonNodeFactory.instance.objectNode();
        whole.setAll((ObjectNode) schema);
        whole.set("components", document.path("components")); // where references point to
        JsonSchema validator = SCHEMAS.getSchema(whole, STRICT);
        return validator.validate(value).stream()
                .map(ValidationMessage::getMessage)
                .map(message -> "%s: %s".formatted(where, message))
                .toList();
    }
}
