package dev.annals.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.operations.ServiceClient;
import dev.annals.operations.ServiceException;
import dev.annals.quickstart.Ports;
import dev.annals.quickstart.StartListener;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Waits, when the services are ready, for the views that are built for the first time, as all are after a restore:
 * until they have their rows they answer 503, and the query service is ready all the same, so that the others can be
 * read.
 */
record FirstRows(ServiceClient queries, Duration limit) {

    /** What takes longer is told, and goes on. */
    static final Duration LIMIT = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(250);

    static FirstRows of(Ports ports) {
        URI address = URI.create("http://127.0.0.1:" + ports.queries());
        return new FirstRows(new ServiceClient("query service", address), LIMIT);
    }

    /**
     * Returns when all views have rows, or one of those without can't go on, or the time is over; what is missing, a
     * line each.
     */
    List<String> await(StartListener listener) {
        long begun = System.nanoTime();
        for (boolean first = true; ; first = false) {
            Map<String, @Nullable String> missing = missing();
            Duration waited = Duration.ofNanos(System.nanoTime() - begun);
            if (missing.isEmpty() && !first) {
                listener.ready("First rows", waited);
            }
            boolean hopeless = missing.values().stream().anyMatch(stop -> stop != null);
            if (missing.isEmpty() || hopeless || waited.compareTo(limit) >= 0) {
                return lines(missing);
            }
            listener.waiting(List.of("the first rows of " + String.join(", ", missing.keySet())), waited);
            pause();
        }
    }

    /** The views without rows, with why they don't get any; null while they do. */
    private Map<String, @Nullable String> missing() {
        Map<String, @Nullable String> missing = new TreeMap<>();
        try {
            for (JsonNode view : queries.get(ServiceClient.path("v1", "views")).path("items")) {
                if (!view.path("generation").isNumber()) {
                    JsonNode stopped = view.path("replay").path("stopped");
                    missing.put(
                            view.path("name").asText(),
                            stopped.isObject() ? stopped.path("reason").asText() : null);
                }
            }
        } catch (ServiceException e) {
            missing.put("views", null); // asked again
        }
        return missing;
    }

    private static List<String> lines(Map<String, @Nullable String> missing) {
        List<String> lines = new ArrayList<>();
        missing.forEach((view, stop) -> lines.add(
                stop == null
                        ? "%s: no rows yet, and 503 until they are built; annals views says how far that is"
                                .formatted(view)
                        : "%s: has no rows yet, and has stopped: %s".formatted(view, stop)));
        return lines;
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for the first rows of views", e);
        }
    }
}
