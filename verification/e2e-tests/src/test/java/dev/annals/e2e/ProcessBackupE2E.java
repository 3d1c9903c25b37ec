package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Installation.Ran;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are under way when an installation is backed up go on in the one that is made of the backup. */
@Tag("long")
final class ProcessBackupE2E {

    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Of an order, until it is cancelled; and how much of it is left when it is placed. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final Duration LEFT = Duration.ofMinutes(2);

    private static final List<String> DONE =
            List.of("transfers/ada~1", "transfers/ada~2", "transfers/ada~1/history", "transfers/ada~2/history");

    @TempDir
    private Path folder;

    @Test
    void processes_of_a_restored_installation_are_as_they_were_and_go_on() throws Exception {
        String backup = folder.resolve("backup").toString();
        List<String> before;
        Installation first = new Installation(Files.createDirectory(folder.resolve("first")));
        try {
            right(first.up());
            before = begin(first);
            Installation.kill(first.process("process service"));
            accepted(first, "/v1/accounts/ada/SendTransfer", "{\"to\":\"bob\",\"amount\":\"7\"}");
            JsonNode report = right(first.run("backup", backup, "--json"));
            assertThat(report.path("processes")).hasSize(3);
        } finally {
            first.stop();
        }
        Installation second = new Installation(Files.createDirectory(folder.resolve("second")));
        try {
            right(second.up("--kafka-only"));
            JsonNode report = right(second.run("restore", backup, "--partitions", "3", "--json"));
            assertThat(report.path("processes")).hasSize(3);
            right(second.up());
            goesOn(second, before);
        } finally {
            second.stop();
        }
    }

    /** A transfer that is booked, one that comes back, and an order that is waited for; what is said of them. */
    private static List<String> begin(Installation first) throws Exception {
        accepted(first, "/v1/accounts/ada/OpenAccount", "{\"owner\":\"Ada\",\"currency\":\"EUR\"}");
        accepted(first, "/v1/accounts/bob/OpenAccount", "{\"owner\":\"Bob\",\"currency\":\"EUR\"}");
        accepted(first, "/v1/accounts/ada/Deposit", "{\"amount\":\"100\"}");
        accepted(first, "/v1/accounts/ada/SendTransfer", "{\"to\":\"bob\",\"amount\":\"5\"}");
        accepted(first, "/v1/accounts/ada/SendTransfer", "{\"to\":\"nobody\",\"amount\":\"9\"}");
        accepted(first, "/v1/seats/rustconf/OpenConference", "{\"name\":\"RustConf\",\"capacity\":10}");
        accepted(first, "/v1/orders/o-1/PlaceOrder", """
                {"currency":"EUR","placedAt":"%s","lines":[{"sku":"seats:rustconf","description":"RustConf","quantity":2,"unitPrice":"100"}]}""".formatted(
                Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(PATIENCE).plus(LEFT)));
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            assertThat(status(first, "transfers/ada~1")).isEqualTo("ENDED");
            assertThat(status(first, "transfers/ada~2")).isEqualTo("ENDED");
            assertThat(get(first, "/v1/processes/reservations/o-1").path("unanswered"))
                    .isEmpty();
            assertThat(get(first, "/v1/seats/rustconf").path("reserved").asInt())
                    .isEqualTo(2);
        });
        return texts(first, DONE);
    }

    private static void goesOn(Installation second, List<String> before) throws Exception {
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(texts(second, DONE)).isEqualTo(before));
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(status(second, "transfers/ada~3"))
                        .as("of which the process had not been told")
                        .isEqualTo("ENDED"));
        assertThat(balance(second, "bob")).isEqualByComparingTo("12");
        assertThat(balance(second, "ada")).isEqualByComparingTo("88");

        accepted(second, "/v1/accounts/ada/SendTransfer", "{\"to\":\"bob\",\"amount\":\"1\"}");
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(
                        () -> assertThat(status(second, "transfers/ada~4")).isEqualTo("ENDED"));
        Awaitility.await()
                .atMost(LIMIT.plus(LEFT))
                .untilAsserted(() -> assertThat(
                                get(second, "/v1/orders/o-1").path("status").asText())
                        .as("when its time is over")
                        .isEqualTo("CANCELLED"));
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(get(second, "/v1/seats/rustconf")
                                .path("reserved")
                                .asInt())
                        .isZero());
        assertThat(get(second, "/v1/seats/rustconf").path("version").asLong()).isEqualTo(3);
        for (String each : List.of("transfers", "reservations", "flight-intake", "accounts", "orders", "seats")) {
            right(second.run("verify", each, "--json"));
        }
    }

    private static List<String> texts(Installation annals, List<String> paths) throws Exception {
        List<String> texts = new ArrayList<>();
        for (String path : paths) {
            HttpResponse<String> response = annals.get("/v1/processes/" + path);
            assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
            texts.add(response.body());
        }
        return texts;
    }

    private static JsonNode get(Installation annals, String path) throws Exception {
        HttpResponse<String> response = annals.get(path);
        assertThat(response.statusCode()).as(path + ": " + response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static String status(Installation annals, String instance) throws Exception {
        return get(annals, "/v1/processes/" + instance).path("status").asText();
    }

    private static BigDecimal balance(Installation annals, String account) throws Exception {
        return new BigDecimal(
                get(annals, "/v1/accounts/" + account).path("balance").asText());
    }

    private static void accepted(Installation annals, String path, String json) throws Exception {
        HttpResponse<String> response = annals.post(path, json);
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 201);
    }

    private static JsonNode right(Ran ran) {
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        return ran.out().isBlank() ? JSON.missingNode() : json(ran);
    }

    private static JsonNode json(Ran ran) {
        return ran.out().startsWith("{") ? ran.json() : JSON.missingNode();
    }
}
