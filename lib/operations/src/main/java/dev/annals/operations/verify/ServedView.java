package dev.annals.operations.verify;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.operations.OperationFailedException;
import dev.annals.operations.ServiceClient;
import dev.annals.operations.ServiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A view as the query service answers for it.
 *
 * @param moreOfIt where people find out more of it
 */
record ServedView(ServiceClient queries, String name, String moreOfIt) {

    private static final int NOT_FOUND = 404;

    /** What {@code GET /v1/views} says of the view. */
    record Status(String state, long lagRecords, @Nullable RecordPlace stoppedAt) {

        private static final String RUNNING = "RUNNING";

        boolean isRunning() {
            return state.equals(RUNNING);
        }
    }

    /** @throws OperationFailedException if the query service knows no such view, or does not answer */
    Status status() {
        List<String> others = new ArrayList<>();
        for (JsonNode view : queries.get(ServiceClient.path("v1", "views")).path("items")) {
            if (view.path("name").asText().equals(name)) {
                return new Status(
                        view.path("state").asText(), view.path("lagRecords").asLong(), place(view.path("stopped")));
            }
            others.add(view.path("name").asText());
        }
        throw new OperationFailedException(
                "the query service serves no view %s; it serves: %s".formatted(name, String.join(", ", others)));
    }

    private static @Nullable RecordPlace place(JsonNode stopped) {
        return stopped.isObject()
                ? new RecordPlace(
                        stopped.path("topic").asText(),
                        stopped.path("partition").asInt(),
                        stopped.path("offset").asLong())
                : null;
    }

    /** What the view that is served does about a record that can't be folded here, for people. */
    String beside(RecordPlace place) {
        try {
            Status status = status();
            if (place.equals(status.stoppedAt())) {
                return "the view has stopped there too, see: " + moreOfIt;
            }
            return status.stoppedAt() == null
                    ? "the view itself is %s: is this program of the release of its services, with the same domains?"
                            .formatted(status.state())
                    : "the view itself has stopped at %s".formatted(status.stoppedAt());
        } catch (OperationFailedException unknown) {
            return "what the view does can't be told: " + unknown.getMessage();
        }
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
