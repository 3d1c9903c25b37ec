package dev.annals.projector;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.service.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The description of this service's HTTP side; its routes are the same for all domains, so it is a file. */
final class OpenApi {

    private static final String FILE = "openapi.json";

    private OpenApi() {}

    static JsonNode document() {
        try (InputStream in = Objects.requireNonNull(OpenApi.class.getResourceAsStream(FILE), FILE)) {
            return Json.mapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE, e);
        }
    }
}
