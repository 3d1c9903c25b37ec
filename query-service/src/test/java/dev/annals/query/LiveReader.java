package dev.annals.query;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.service.http.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads server-sent events as a browser does: comments are passed over, an empty line ends an event. One thread. */
final class LiveReader implements AutoCloseable {

    private final HttpResponse<InputStream> response;
    private final BufferedReader lines;

    /** An event as it came. */
    record Event(long id, JsonNode data) {}

    LiveReader(HttpResponse<InputStream> response) {
        this.response = response;
        this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    int status() {
        return response.statusCode();
    }

    String contentType() {
        return response.headers().firstValue("Content-Type").orElse("");
    }

    /** All that there is to an answer that ends. */
    String text() {
        return lines.lines().collect(Collectors.joining("\n"));
    }

    /** The next event; empty when the answer has ended, or was cut off. */
    Optional<Event> next() throws IOException {
        long id = 0;
        JsonNode data = null;
        for (String line = readLine(); line != null; line = readLine()) {
            if (line.startsWith("id: ")) {
                id = Long.parseLong(line.substring(4));
            } else if (line.startsWith("data: ")) {
                data = Json.mapper().readTree(line.substring(6));
            } else if (line.isEmpty() && data != null) {
                return Optional.of(new Event(id, data));
            }
        }
        return Optional.empty();
    }

    private String readLine() {
        try {
            return lines.readLine();
        } catch (IOException e) {
            return null; // cut off, which a client takes for an end
        }
    }

    /** So many events. */
    List<Event> next(int count) throws IOException {
        List<Event> events = new ArrayList<>();
        while (events.size() < count) {
            events.add(next().orElseThrow(() -> new AssertionError("ended after " + events)));
        }
        return events;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
