package dev.annals.service.http;

import com.fasterxml.jackson.core.JsonGenerator;
import io.javalin.http.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is sent back, in memory: bounded by the limits of what is asked for.
 *
 * @param contentType of a body that is not empty
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
public record Response(int status, String contentType, Map<String, String> headers, byte[] body) {

    private static final int USUAL_SIZE = 1_024;

    /** Writes one JSON value. */
    @FunctionalInterface
    public interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** 200 with a JSON value. */
    public static Response json(Body body) {
        return json(200, body);
    }

    public static Response json(int status, Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_SIZE);
        try (JsonGenerator json = Json.mapper().getFactory().createGenerator(bytes)) {
            body.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return new Response(status, "application/json", Map.of(), bytes.toByteArray());
    }

    /** The problem with its headers. */
    public static Response of(ProblemException refused) {
        Problem problem = refused.problem();
        return new Response(problem.status(), Problem.MEDIA_TYPE, refused.headers(), Problems.json(problem));
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
            // JSON is UTF-8 by definition (RFC 8259); Jetty would add a charset to any type but application/json.
            ctx.res().setCharacterEncoding(null);
            ctx.contentType(contentType).result(body);
        }
    }
}
