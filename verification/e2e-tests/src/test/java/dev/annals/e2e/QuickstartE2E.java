package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.e2e.Installation.Ran;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The README's main job, as a stranger does it. One installation; the tests follow each other. */
@Tag("heavy")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class QuickstartE2E {

    private static final Path README = Path.of("../../README.md");

    private static Installation annals;

    @BeforeAll
    static void everything_starts_with_one_command(@TempDir Path folder) throws Exception {
        annals = new Installation(folder);
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
        assertThat(up.out()).contains("Commands  http://127.0.0.1:");
    }

    @AfterAll
    static void everything_stops() throws Exception {
        annals.stop();
    }

    /** Figures of the extract, counted from the file by a program that is not ours. */
    private static void assertExtract(JsonNode report) {
        assertThat(report.path("failures")).isEmpty();
        assertThat(report.path("sameAsInput").asBoolean()).isTrue();
        JsonNode views = report.path("views");
        assertThat(views.path("orders").asLong()).isEqualTo(Extract.ACCEPTED);
        assertThat(views.path("lines").asLong()).isEqualTo(Extract.LINES);
        assertThat(views.path("total").asText()).isEqualTo(Extract.TOTAL);
        assertThat(views.path("unitedKingdom").asText()).isEqualTo(Extract.UNITED_KINGDOM);
        assertThat(report.path("accepted").asLong()).isEqualTo(Extract.ACCEPTED);
        assertThat(report.path("rejected").path("invalid-quantity").asLong()
                        + report.path("rejected").path("invalid-price").asLong())
                .isEqualTo(Extract.REJECTED);
    }

    @Test
    @Order(1)
    void a_real_shops_orders_are_imported_to_the_last_penny() throws Exception {
        Ran imported = annals.run("import", "online-retail", "--json");

        assertThat(imported.exitCode()).as(imported.toString()).isZero();
        assertExtract(imported.json());
        assertThat(imported.json().path("newlyAccepted").asLong()).isEqualTo(Extract.ACCEPTED);
    }

    @Test
    @Order(2)
    void a_second_import_changes_nothing() throws Exception {
        Ran imported = annals.run("import", "online-retail", "--json");

        assertThat(imported.exitCode()).as(imported.toString()).isZero();
        assertExtract(imported.json());
        assertThat(imported.json().path("newlyAccepted").asLong()).isZero();
    }

    @Test
    @Order(3)
    void up_is_harmless_when_everything_runs() throws Exception {
        JsonNode before = annals.run("status", "--json").json();

        assertThat(annals.up().exitCode()).isZero();

        assertThat(annals.run("status", "--json").json()).isEqualTo(before);
    }

    @Test
    @Order(4)
    void a_repeated_request_books_once() throws Exception {
        post("/v1/accounts/ada/OpenAccount", "{\"owner\":\"Ada\",\"currency\":\"EUR\"}", "open-ada", 201);
        HttpResponse<String> first = post("/v1/accounts/ada/Deposit", "{\"amount\":\"12.5\"}", "payday-1", 200);
        HttpResponse<String> again = post("/v1/accounts/ada/Deposit", "{\"amount\":\"12.5\"}", "payday-1", 200);

        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
        assertThat(annals.get("/v1/accounts/ada?min_version=2&timeout=10").body())
                .contains("\"balance\":\"12.5\"");
    }

    /** The section of the README as a reader types it. */
    @Test
    @Order(5)
    void seats_that_are_ordered_and_paid_too_late_are_released() throws Exception {
        Walk.of(README, "### Order seats, pay late, and have them released").take(annals);

        for (String process : new String[] {"reservations", "transfers"}) {
            Ran verified = annals.run("verify", process, "--json");
            assertThat(verified.exitCode()).as(verified.toString()).isZero();
        }
    }

    private static HttpResponse<String> post(String path, String json, String key, int status)
            throws IOException, InterruptedException {
        HttpResponse<String> response = annals.post(path, json, "Idempotency-Key", key);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return response;
    }

    @Tag("heavy")
    @Test
    @Order(6)
    void everything_is_still_there_after_down_and_up() throws Exception {
        post("/v1/accounts/grace/OpenAccount", "{\"owner\":\"Grace\",\"currency\":\"EUR\"}", "open-grace", 201);
        post("/v1/accounts/grace/Deposit", "{\"amount\":\"12.5\"}", "payday-2", 200);
        annals.get("/v1/accounts/grace?min_version=2&timeout=10");

        assertThat(annals.run("down").exitCode()).isZero();
        assertThat(annals.up().exitCode()).isZero();

        assertThat(annals.get("/v1/accounts/grace").body()).contains("\"balance\":\"12.5\"");
        HttpResponse<String> again = post("/v1/accounts/grace/Deposit", "{\"amount\":\"12.5\"}", "payday-2", 200);
        assertThat(again.headers().firstValue("Idempotent-Replayed")).contains("true");
    }
}
