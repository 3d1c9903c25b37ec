package dev.annals.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.api.AggregateType;
import dev.annals.engine.json.JsonSchemas;
import dev.annals.service.http.Json;
import dev.annals.service.http.Problem;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The OpenAPI 3.1 document of the commands, made from their schemas, so that it can't fall behind them. */
record CommandOpenApi(CommandCatalog catalog) {

    private static final Map<String, String> RESPONSES = new TreeMap<>(Map.ofEntries(
            Map.entry("200", "Accepted."),
            Map.entry("201", "Accepted, and the aggregate is new; Location is its row in the query service."),
            Map.entry("202", "Durable in its topic; no result within the wait. Location is where it will be."),
            Map.entry("400", "The JSON or a field is wrong; `errors` has the path, what was expected and what came."),
            Map.entry(
                    "403",
                    "A web page of an origin that is not among annals.http.cors.origins sent it; or the sender has no right to it, or to their own aggregates alone."),
            Map.entry("404", "No such type or command."),
            Map.entry("406", "Accept takes no JSON; nothing was sent."),
            Map.entry(
                    "409",
                    "Rejected by a rule of the domain, or the Idempotency-Key was used for another command; see `code`."),
            Map.entry("412", "If-Match or If-None-Match failed; `version` is the actual version."),
            Map.entry("413", "The body is too large."),
            Map.entry("415", "The body is not JSON."),
            Map.entry("421", "The host is no name of this service that annals.http.host.names lists."),
            Map.entry(
                    "429",
                    "Too many commands are waiting for their results, or came from you; Retry-After says when to come"
                            + " again."),
            Map.entry("500", "The command could not be handled; it is in the dead letters, and nothing was appended."),
            Map.entry(
                    "503",
                    "Kafka or the registry is away; repeat it under the same Idempotency-Key after Retry-After.")));

    ObjectNode document() {
        ObjectNode document = Json.resource(CommandOpenApi.class, "openapi.json");
        ObjectNode paths = (ObjectNode) document.get("paths");
        catalog.types().forEach(type -> add(paths, type));
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
        parameters.add(
                parameter(
                        "Prefer",
                        "header",
                        false,
                        "respond-async, or wait=5 (seconds, 30 at most), or both: 202 after the wait; return=representation: events with their data."));
        parameters.add(parameter(
                "dry-run", "query", false, "true: what the command would come to now; nothing is written or kept."));
        parameters.add(parameter("X-Correlation-Id", "header", false, "Passed on to the events."));
    }

    private static ObjectNode parameter(String name, String in, boolean required, String description) {
        ObjectNode parameter = JsonNodeFactory.instance.objectNode();
        parameter.put("name", name).put("in", in).put("required", required).put("description", description);
        parameter.putObject("schema").put("type", "string");
        return parameter;
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
}
