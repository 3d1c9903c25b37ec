package dev.annals.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.awaitility.Awaitility;

/** Counts the rows of {@code flights}. */
final class FlightPictures {

    private static final JsonMapper JSON = new JsonMapper();

    /** A process sends a command after the other for each of some 12,000 messages. */
    private static final Duration LIMIT = Duration.ofMinutes(5);

    private FlightPictures() {}

    /**
     * How many flights there are, of how many a plan and a position were told, and how many events they have: one for
     * each creation, plan and track, so when all are there nothing is under way.
     */
    record Picture(int flights, int planned, int positioned, long events) {}

    /** Returns when there are as many. */
    static void await(Installation annals, Picture whole) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofSeconds(2))
                .untilAsserted(() -> Assertions.assertThat(of(annals)).isEqualTo(whole));
    }

    private static Picture of(Installation annals) throws Exception {
        int flights = 0;
        int planned = 0;
        int positioned = 0;
        long events = 0;
        String cursor = "";
        do {
            JsonNode page =
                    JSON.readTree(annals.get("/v1/flights?limit=1000" + cursor).body());
            for (JsonNode row : page.path("items")) {
                flights++;
                planned += row.path("planReceivedAt").isTextual() ? 1 : 0;
                events += row.path("version").asLong();
                positioned += row.path("position").isObject() ? 1 : 0;
            }
            JsonNode next = page.path("nextCursor");
            cursor = next.isTextual() ? "&cursor=" + URLEncoder.encode(next.textValue(), StandardCharsets.UTF_8) : "";
        } while (!cursor.isEmpty());
        return new Picture(flights, planned, positioned, events);
    }
}
