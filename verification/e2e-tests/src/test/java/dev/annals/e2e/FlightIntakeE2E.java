package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.e2e.FlightPictures.Picture;
import dev.annals.e2e.Installation.Ran;
import dev.annals.testsupport.RealData;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Recorded messages of four channels lead to the same flights in whatever order they come: one channel after another,
 * and all at once, by 8 producers in random order. Orders are {@code -Dannals.seeds}, 1 by default; each has an
 * installation of its own.
 */
@Tag("long")
final class FlightIntakeE2E {

    private static final JsonMapper JSON = new JsonMapper();
    private static final int PRODUCERS = 8;
    private static final int SEEDS = Integer.getInteger("annals.seeds", 1);
    private static final String SFO = "flights/sfo_flights_2020-04-01_07.ndjson.gz";

    private static final Picture WHOLE =
            new Picture(6_882, 100 + 35 + 6_700, 100 + 35, 6_882 + 100 + 36 + 11_781 + 136);

    /** A command, as anybody may send it. */
    private record Told(String callsign, String identify) {}

    @Test
    void the_order_of_messages_makes_no_difference_to_the_flights(@TempDir Path folder) throws Exception {
        RealData.file(SFO);
        List<Told> messages = new ArrayList<>();
        String inOrder = flights(folder.resolve("in-order"), annals -> {
            imported(annals, "swim", "flights/sfdps-msg.xml");
            imported(annals, "swim", "flights/tfmDataService.xml");
            imported(annals, "sbs", "flights/sbs.csv");
            imported(annals, "sfo", SFO);
            messages.addAll(messages(annals));
        });
        assertThat(messages).hasSize(100 + 36 + 49 + 11_781);

        for (int seed = 1; seed <= SEEDS; seed++) {
            Collections.shuffle(messages, new Random(seed));
            String atOnce = flights(folder.resolve("seed-" + seed), annals -> sendAtOnce(annals, messages));
            assertThat(atOnce).as("seed " + seed).isEqualTo(inOrder);
        }
    }

    private interface Story {
        void happens(Installation annals) throws Exception;
    }

    /** The hash of the view, when all is there. */
    private static String flights(Path folder, Story story) throws Exception {
        Installation annals = new Installation(Files.createDirectories(folder));
        try {
            Ran up = annals.up();
            assertThat(up.exitCode()).as(up.toString()).isZero();
            story.happens(annals);
            FlightPictures.await(annals, WHOLE);
            Ran verified = annals.run("verify", "flights", "--json");
            assertThat(verified.exitCode()).as(verified.toString()).isZero();
            return verified.json().path("view").path("served").path("hash").asText();
        } finally {
            annals.stop();
        }
    }

    private static void imported(Installation annals, String what, String file) throws Exception {
        Ran ran = annals.run("import", what, RealData.file(file).toString(), "--json");
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
    }

    /** As the registers have them. */
    private static List<Told> messages(Installation annals) throws Exception {
        List<Told> messages = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = get(annals, "/v1/flight-identities?limit=1000" + cursor);
            for (JsonNode row : page.path("items")) {
                String callsign = row.path("id").asText();
                get(annals, "/v1/flight-identities/" + callsign + "/events?limit=1000")
                        .path("items")
                        .forEach(event -> messages.add(new Told(callsign, identify(event.path("data")))));
            }
            JsonNode next = page.path("nextCursor");
            cursor = next.isTextual() ? "&cursor=" + URLEncoder.encode(next.textValue(), StandardCharsets.UTF_8) : "";
        } while (!cursor.isEmpty());
        return messages;
    }

    private static String identify(JsonNode event) {
        return event.<ObjectNode>deepCopy()
                .remove(List.of("flight", "opened", "mergedInto"))
                .toString();
    }

    private static void sendAtOnce(Installation annals, List<Told> messages) throws Exception {
        List<Callable<Void>> producers = IntStream.range(0, PRODUCERS)
                .<Callable<Void>>mapToObj(producer -> () -> {
                    for (int i = producer; i < messages.size(); i += PRODUCERS) {
                        send(annals, messages.get(i));
                    }
                    return null;
                })
                .toList();
        try (ExecutorService all = Executors.newFixedThreadPool(PRODUCERS)) {
            for (Future<Void> each : all.invokeAll(producers)) {
                each.get();
            }
        }
    }

    private static void send(Installation annals, Told told) throws Exception {
        HttpResponse<String> answer =
                annals.post("/v1/flight-identities/" + told.callsign() + "/Identify", told.identify());
        assertThat(JSON.readTree(answer.body()).path("outcome").asText())
                .as(answer.body())
                .isEqualTo("accepted");
    }

    private static JsonNode get(Installation annals, String path) throws Exception {
        return JSON.readTree(annals.get(path).body());
    }
}
