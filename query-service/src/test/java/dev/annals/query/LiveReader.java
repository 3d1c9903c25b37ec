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
    private String id = "";
    private String lastId = "";
    private String end = "";

    /** An event as it came. */
    record Event(String id, JsonNode data) {

        long version() {
            return Long.parseLong(id);
        }
    }

    LiveReader(HttpResponse<InputStream> response) {
        this.response = response;
        this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
    }

    int status() {
        return response.statusCode();
    }

    String contentType() {
        return header("Content-Type");
    }

    String header(String name) {
        return response.headers().firstValue(name).orElse("");
    }

    /** All that there is to an answer that ends. */
    String text() {
        return lines.lines().collect(Collectors.joining("\n"));
    }

    /** The next event; empty when the answer has ended, or was cut off. */
    Optional<Event> next() throws IOException {
        String name = "";
        JsonNode data = null;
        for (String line = readLine(); line != null; line = readLine()) {
            if (line.startsWith("id: ")) {
                id = line.substring(4);
            } else if (line.startsWith("event: ")) {
                name = line.substring(7);
            } else if (line.startsWith("data: ")) {
                data = Json.mapper().readTree(line.substring(6));
            } else if (line.isEmpty()) {
                lastId = id;
                if (data != null && name.isEmpty()) {
                    return Optional.of(new Event(lastId, data));
                }
                if (data != null) {
                    end = data.path("reason").asText();
                }
            }
        }
        return Optional.empty();
    }

    /** Reads as far as the position that an answer begins with. */
    String firstPosition() {
        while (lastId.isEmpty()) {
            String line = readLine();
            if (line == null) {
                throw new AssertionError("ended before a position came");
            }
            if (line.startsWith("id: ")) {
                id = line.substring(4);
                lastId = id;
            }
        }
        return lastId;
    }

    /** Reads so many comments. */
    void heartbeats(int count) {
        for (int left = count; left > 0; ) {
            String line = readLine();
            if (line == null) {
                throw new AssertionError("ended while waiting for heartbeats");
            }
            left -= line.equals(":") ? 1 : 0;
        }
    }

    /** The id that a browser would come back with. */
    String lastId() {
        return lastId;
    }

    /** What the server said when it ended the answer. */
    String end() {
        return end;
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
