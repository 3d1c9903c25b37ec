package dev.annals.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.annals.engine.kafka.Instruction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The instances of a process over HTTP: the query service is asked about them, the process service tells them. All
 * methods throw {@link ServiceException} if there is no answer, or it is an error.
 *
 * @param service the query service, but for {@link #retry} and {@link #skip}
 */
public record Instances(ServiceClient service, String process) {

    private static final Duration MAX_WAIT = Duration.ofSeconds(60);

    /** @param limit the most of them, from the first on */
    public List<JsonNode> list(boolean parked, int limit) {
        Map<String, String> parameters = new LinkedHashMap<>();
        if (parked) {
            parameters.put("status", "parked");
        }
        return read(ServiceClient.path("v1", "processes", process), parameters, limit);
    }

    /** One as it is. */
    public JsonNode get(String id) {
        return service.get(ServiceClient.path("v1", "processes", process, id));
    }

    /**
     * One as it was after so many entries.
     *
     * @param wait for the last of them, a minute at most
     */
    public JsonNode get(String id, long version, Duration wait) {
        Duration limit = wait.compareTo(MAX_WAIT) < 0 ? wait : MAX_WAIT;
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("version", Long.toString(version));
        parameters.put("min_version", Long.toString(version));
        parameters.put("timeout", Long.toString(limit.toSeconds()));
        return service.get(
                ServiceClient.query(ServiceClient.path("v1", "processes", process, id, "state"), parameters), limit);
    }

    /** @param limit the most entries, from the first on */
    public List<JsonNode> history(String id, int limit) {
        return read(ServiceClient.path("v1", "processes", process, id, "history"), new LinkedHashMap<>(), limit);
    }

    private List<JsonNode> read(String path, Map<String, String> parameters, int limit) {
        List<JsonNode> items = new ArrayList<>();
        service.forEachItem(path, parameters, item -> {
            items.add(item);
            return items.size() < limit;
        });
        return items;
    }

    /** Has a parked one try again. */
    public void retry(String id) {
        tell(id, "retry", "{}");
    }

    /**
     * Has a parked one pass over what it is parked with.
     *
     * @param by who counts where the service asks nobody for a token
     */
    public void skip(String id, Instruction by) {
        tell(
                id,
                "skip",
                JsonNodeFactory.instance
                        .objectNode()
                        .put("reason", by.reason())
                        .put("actor", by.actor())
                        .toString());
    }

    private void tell(String id, String what, String body) {
        service.post(ServiceClient.path("v1", "processes", process, id, what), body, Map.of(), Duration.ZERO);
    }
}
