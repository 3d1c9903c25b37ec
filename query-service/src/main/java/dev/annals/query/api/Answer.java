package dev.annals.query.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.annals.service.http.Json;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is sent back, in memory: bounded by the limits of a page. */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record Answer(int status, String contentType, Map<String, String> headers, byte[] body) {

    private static final String JSON = "application/json";
    private static final int USUAL_SIZE = 1_024;

    /** Writes one JSON value. */
    @FunctionalInterface
    interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    static Answer json(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator json = Json.mapper().getFactory().createGenerator(bytes)) {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new Answer(200, JSON, Map.of(), bytes.toByteArray());
    }

    Answer with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Answer(status, contentType, more, body);
    }

    void send(Context ctx) {
        headers.forEach(ctx::header);
        ctx.status(status);
        if (body.length > 0) {
            ctx.contentType(contentType).result(body);
        }
    }
}
