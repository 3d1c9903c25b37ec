package dev.annals.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.api.AggregateType;
import dev.annals.engine.json.JsonSchemas;
import dev.annals.service.http.Problem;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The OpenAPI 3.1 document of the commands, made from their schemas, so that it can't fall behind them. */
final class CommandOpenApi {

    private static final String UNKNOWN_HOST = "The host is no name of this service that annals.http.host.names lists.";

    private static final Map<String, String> RESPONSES = new TreeMap<>(Map.ofEntries(
            Map.entry("200", "Accepted."),
            Map.entry("201", "Accepted, and the aggregate is new; Location is its row in the query service."),
            Map.entry("202", "Durable in its topic; no result within the wait. Location is where it will be."),
            Map.entry("400", "The JSON or a field is wrong; `errors` has the path, what was expected and what came."),
            Map.entry("403", "A web page of an origin that is not among annals.http.cors.origins sent it."),
            Map.entry("404", "No such type or command."),
            Map.entry("406", "Accept takes no JSON; nothing was sent."),
            Map.entry(
                    "409",
                    "Rejected by a rule of the domain, or the Idempotency-Key was used for another command; see `code`."),
            Map.entry("412", "If-Match or If-None-Match failed; `version` is the actual version."),
            Map.entry("413", "The body is too large."),
            Map.entry("415", "The body is not JSON."),
            Map.entry("421", UNKNOWN_HOST),
            Map.entry("429", "Too many commands are waiting for their results; Retry-After says when to come again."),
            Map.entry("500", "The command could not be handled; it is in the dead letters, and nothing was appended."),
            Map.entry(
                    "503",
                    "Kafka or the registry is away; repeat it under the same Idempotency-Key after Retry-After.")));

    private final CommandCatalog catalog;

    CommandOpenApi(CommandCatalog catalog) {
        this.catalog = catalog;
    }

    ObjectNode document() {
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("openapi", "3.1.0");
        document.putObject("info").put("title", "Annals: commands").put("version", "1");
        ObjectNode paths = document.putObject("paths");
        catalog.types().forEach(type -> add(paths, type));
        addLookup(paths);
        addSchemas(document.putObject("components").putObject("schemas"));
        return document;
    }

    private void add(ObjectNode paths, AggregateType<?, ?, ?> type) {
        String root = "/v1/" + type.name();
        for (Schema schema : catalog.schemas(type)) {
            String name = schema.getName();
            operation(paths, root + "/{id}/" + name, "post", type, schema, true);
            if (name.equals(type.createdBy().getSimpleName())) {
                operation(paths, root, "post", type, schema, false);
            }
            if (isNamed(type.replacedBy(), name)) {
                operation(paths, root + "/{id}", "put", type, schema, true);
            }
            if (isNamed(type.deletedBy(), name)) {
                operation(paths, root + "/{id}", "delete", type, schema, true);
            }
        }
    }

    private static boolean isNamed(@Nullable Class<?> command, String name) {
        return command != null && command.getSimpleName().equals(name);
    }

    private static void operation(
            ObjectNode paths, String path, String method, AggregateType<?, ?, ?> type, Schema schema, boolean withId) {
        ObjectNode operation = paths.withObject("/" + path.replace("~", "~0").replace("/", "~1"))
                .putObject(method);
        operation.put("summary", schema.getDoc() == null ? schema.getName() : schema.getDoc());
        operation.putArray("tags").add(type.name());
        parameters(operation, withId);
        ObjectNode json = operation
                .putObject("requestBody")
                .put("required", true)
                .putObject("content")
                .putObject("application/json");
        json.set("schema", JsonSchemas.input(schema));
        json.set("example", JsonSchemas.example(schema));
        ObjectNode responses = operation.putObject("responses");
        RESPONSES.forEach((status, meaning) -> response(responses, status, meaning));
    }

    private static void parameters(ObjectNode operation, boolean withId) {
        var parameters = operation.putArray("parameters");
        if (withId) {
            parameters.add(parameter("id", "path", true, "The aggregate."));
        }
        parameters.add(
                parameter("Idempotency-Key", "header", false, "The command id: a repeat gets the first result."));
        parameters.add(
                parameter("If-Match", "header", false, "The version that the aggregate must have, as an ETag: \"7\"."));
        parameters.add(parameter("If-None-Match", "header", false, "*: the aggregate must not exist."));
        parameters.add(parameter(
                "Prefer",
                "header",
                false,
                "respond-async, or wait=5 (seconds, 30 at most), or both: 202 after the wait."));
        parameters.add(parameter("X-Correlation-Id", "header", false, "Passed on to the events."));
    }

    private static ObjectNode parameter(String name, String in, boolean required, String description) {
        ObjectNode parameter = JsonNodeFactory.instance.objectNode();
        parameter.put("name", name).put("in", in).put("required", required).put("description", description);
        parameter.putObject("schema").put("type", "string");
        return parameter;
    }

    private static void addLookup(ObjectNode paths) {
        ObjectNode operation = paths.putObject("/v1/commands/{commandId}").putObject("get");
        operation.put("summary", "The stored result of a command, from any instance.");
        operation.putArray("parameters").add(parameter("commandId", "path", true, "The command id."));
        ObjectNode responses = operation.putObject("responses");
        response(responses, "200", "Its result: accepted, rejected or failed.");
        response(responses, "202", "Not decided yet.");
        response(responses, "404", "No instance knows it.");
        response(responses, "406", "Accept takes no JSON.");
        response(responses, "421", UNKNOWN_HOST);
        response(responses, "429", "Too many searches go on.");
        response(responses, "503", "An instance that may know it does not answer.");
    }

    private static void response(ObjectNode responses, String status, String meaning) {
        boolean problem = status.charAt(0) > '3';
        String schema = problem ? "Problem" : status.equals("202") ? "Pending" : "Result";
        responses
                .putObject(status)
                .put("description", meaning)
                .putObject("content")
                .putObject(problem ? Problem.MEDIA_TYPE : "application/json")
                .putObject("schema")
                .put("$ref", "#/components/schemas/" + schema);
    }

    private static void addSchemas(ObjectNode schemas) {
        ObjectNode result = object(schemas, "Result", "commandId", "aggregateType", "aggregateId", "code", "message");
        outcomes(result, "accepted", "rejected", "failed");
        version(result);
        ObjectNode event =
                result.withObject("/properties/events").put("type", "array").putObject("items");
        event.put("type", "object").putObject("properties").putObject("type").put("type", "string");
        version(event);
        require(event, "type", "version");
        require(result, "aggregateType", "aggregateId", "outcome", "events");

        ObjectNode pending = object(schemas, "Pending", "commandId");
        outcomes(pending, "pending");
        require(pending, "commandId", "outcome");

        ObjectNode problem = object(schemas, "Problem", "type", "title", "detail", "code");
        problem.put("description", "RFC 9457").withObject("/properties/status").put("type", "integer");
        require(problem, "type", "title", "status", "detail", "code");
    }

    private static ObjectNode object(ObjectNode schemas, String name, String... texts) {
        ObjectNode schema = schemas.putObject(name).put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        List.of(texts).forEach(text -> properties.putObject(text).put("type", "string"));
        return schema;
    }

    private static void outcomes(ObjectNode schema, String... outcomes) {
        ArrayNode symbols =
                schema.withObject("/properties/outcome").put("type", "string").putArray("enum");
        List.of(outcomes).forEach(symbols::add);
    }

    private static void version(ObjectNode schema) {
        schema.withObject("/properties/version")
                .put("type", "integer")
                .put("format", "int64")
                .put("minimum", 0);
    }

    private static void require(ObjectNode schema, String... members) {
        List.of(members).forEach(schema.putArray("required")::add);
    }
}
