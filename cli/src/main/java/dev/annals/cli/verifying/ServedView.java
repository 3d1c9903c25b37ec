package dev.annals.cli.verifying;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.cli.client.CommandFailureException;
import dev.annals.cli.client.ServiceClient;
import dev.annals.cli.client.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A view as the query service answers for it. */
record ServedView(ServiceClient queries, String name) {

    private static final int NOT_FOUND = 404;

    /** What {@code GET /v1/views} says of the view. */
    record Status(String state, long lagRecords) {

        private static final String RUNNING = "RUNNING";

        boolean isRunning() {
            return state.equals(RUNNING);
        }
    }

    /** @throws CommandFailureException if the query service knows no such view, or does not answer */
    Status status() {
        List<String> others = new ArrayList<>();
        for (JsonNode view : queries.get(ServiceClient.path("v1", "views")).path("items")) {
            if (view.path("name").asText().equals(name)) {
                return new Status(
                        view.path("state").asText(), view.path("lagRecords").asLong());
            }
            others.add(view.path("name").asText());
        }
        throw new CommandFailureException(
                "the query service serves no view %s; it serves: %s".formatted(name, String.join(", ", others)), null);
    }

    void forEachRow(Consumer<JsonNode> rows) {
        queries.forEachRow(name, rows);
    }

    /** A row, null if there is none. */
    @Nullable
    JsonNode row(String key) {
        try {
            return queries.get(ServiceClient.path("v1", name, key));
        } catch (ServiceException e) {
            if (e.status() == NOT_FOUND) {
                return null;
            }
            throw e;
        }
    }
}
