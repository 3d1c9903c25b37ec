package dev.annals.query.routing;

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
public record Response(int status, String contentType, Map<String, String> headers, byte[] body) {

    private static final String JSON = "application/json";
    private static final int USUAL_SIZE = 1_024;

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    public static Response json(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator json = Json.mapper().getFactory().createGenerator(bytes)) {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new Response(200, JSON, Map.of(), bytes.toByteArray());
    }

    public Response with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Response(status, contentType, more, body);
    }

    public void send(Context ctx) {
        headers.forEach(ctx::header);
        ctx.status(status);
        if (body.length > 0) {
            ctx.contentType(contentType).result(body);
        }
    }
}
