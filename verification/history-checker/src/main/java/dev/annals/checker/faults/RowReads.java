package dev.annals.checker.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.service.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads rows and histories of accounts, each at the last version that a client was told of. */
final class RowReads {

    private static final int MOST = 40;
    private static final int OK = 200;

    /**
     * Unavailable, or not as new yet as was asked for: what a service says whose stores, or projector, are filled anew.
     */
    private static final Set<Integer> NOT_NOW = Set.of(503, 504);

    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final FaultRun run;
    private final URI address;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    RowReads(FaultRun run, String queryService) {
        this.run = run;
        this.address = run.installation().address(queryService);
    }

    /** @param answered whether each must be; otherwise it may say that it can't now */
    void look(boolean answered) throws InterruptedException {
        Map<String, Long> versions = new LinkedHashMap<>();
        for (Call call : run.workload().calls()) {
            if (call.aggregate().type().equals("accounts")
                    && call.answer() instanceof Decided decided
                    && decided.version() > 0) {
                versions.merge(call.aggregate().id(), decided.version(), Math::max);
            }
        }
        int read = 0;
        for (Map.Entry<String, Long> each : versions.entrySet()) {
            if (read++ < MOST) {
                look(each.getKey(), each.getValue(), answered);
            }
        }
    }

    private void look(String id, long version, boolean answered) throws InterruptedException {
        JsonNode row = get("/v1/accounts/%s?min_version=%d&timeout=5".formatted(id, version), answered);
        if (row != null && row.path("version").asLong() < version) {
            run.found("the row of account %s has version %s, expected at least %d".formatted(id, row, version));
        }
        JsonNode history =
                get("/v1/accounts/%s/events?min_version=%d&timeout=5&limit=1000".formatted(id, version), answered);
        if (history != null) {
            JsonNode items = history.path("items");
            for (int i = 0; i < items.size(); i++) {
                run.expect(
                        items.get(i).path("version").asLong() == i + 1,
                        "version %d of account %s, in %s".formatted(i + 1, id, history));
            }
            run.expect(items.size() >= version, "%d events of account %s, in %s".formatted(version, id, history));
        }
    }

    private @Nullable JsonNode get(String path, boolean answered) throws InterruptedException {
        try {
            HttpResponse<String> response = client.send(
                    HttpRequest.newBuilder(address.resolve(path)).timeout(LIMIT).build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == OK) {
                return Json.mapper().readTree(response.body());
            }
            if (answered || !NOT_NOW.contains(response.statusCode())) {
                run.found("%s: %d %s".formatted(path, response.statusCode(), response.body()));
            }
        } catch (IOException e) {
            if (answered) {
                run.found("%s: %s".formatted(path, e));
            }
        }
        return null;
    }
}
