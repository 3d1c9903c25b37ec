package dev.annals.service.http;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Describes in an OpenAPI document the routes that every service has. */
final class CommonPaths {

    private static final String JSON = "application/json";

    private CommonPaths() {}

    static ObjectNode addedTo(ObjectNode document) {
        ObjectNode paths = document.withObjectProperty("paths");
        responses(paths, "/health/live", "Whether the process runs", JSON, "200", "it does");
        responses(paths, "/health/ready", "Whether it answers requests", JSON, "200", "it does")
                .putObject("503")
                .put("description", "not now; `reasons` says why")
                .putObject("content")
                .putObject(JSON)
                .putObject("schema")
                .put("type", "object");
        responses(paths, "/metrics", "Meters of the process, for Prometheus", "text/plain", "200", "all of them");
        responses(paths, "/openapi.json", "This document", JSON, "200", "it");
        return document;
    }

    private static ObjectNode responses(
            ObjectNode paths, String path, String summary, String mediaType, String status, String description) {
        ObjectNode responses =
                paths.putObject(path).putObject("get").put("summary", summary).putObject("responses");
        responses
                .putObject(status)
                .put("description", description)
                .putObject("content")
                .putObject(mediaType)
                .putObject("schema")
                .put("type", mediaType.equals(JSON) ? "object" : "string");
        return responses;
    }
}
