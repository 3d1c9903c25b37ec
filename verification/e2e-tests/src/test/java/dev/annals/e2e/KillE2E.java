package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Installation.Ran;
import dev.annals.e2e.Installation.Running;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Kills one process with SIGKILL in the middle of an import and starts it again: nothing is lost and nothing doubled.
 * Each victim has orders of its own, so a doubled or lost one shows in the totals of its country.
 */
@Tag("long")
final class KillE2E {

    /** More than an import has in flight: otherwise all are sent long before the middle. */
    private static final int ORDERS = 32_000;

    private static final int LINES = 3;
    private static final BigDecimal UNIT_PRICE = new BigDecimal("0.35");
    private static final Duration MIDDLE_LIMIT = Duration.ofMinutes(2);

    private static Installation annals;
    private static Path inputs;
    private static int series;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        inputs = folder;
        annals = new Installation(folder);
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
    }

    @AfterAll
    static void stop() throws Exception {
        annals.stop();
    }

    /** One victim that stayed down must not look like the next one's fault. */
    @BeforeEach
    void everything_runs() throws Exception {
        assertThat(annals.up().exitCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"command service", "projector service", "query service", "Kafka broker", "schema registry"})
    void a_process_that_is_killed_in_an_import_loses_nothing_and_doubles_nothing(String victim) throws Exception {
        String country = victim.replace(' ', '-');
        Path input = orders(country);
        ProcessHandle process = annals.process(victim);
        Running importing = annals.start("import", "online-retail", "--json", input.toString());
        awaitTheMiddle(country);

        Installation.kill(process);
        assertThat(importing.process().isAlive()).as("killed in the middle").isTrue();
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();

        Ran imported = importing.await();
        assertThat(imported.exitCode()).as(imported.toString()).isZero();
        assertThat(imported.json().path("accepted").asLong()).isEqualTo(ORDERS);
        assertSales(country);
    }

    /** Importing again after the importer itself was killed finishes the job. */
    @Test
    void a_killed_import_can_be_run_again() throws Exception {
        Path input = orders("importer");
        Running importing = annals.start("import", "online-retail", "--json", input.toString());
        awaitTheMiddle("importer");
        importing.process().destroyForcibly();

        Ran imported = annals.run("import", "online-retail", "--json", input.toString());

        assertThat(imported.exitCode()).as(imported.toString()).isZero();
        assertThat(imported.json().path("replayed").asLong()).isBetween(1L, ORDERS - 1L);
        assertSales("importer");
    }

    private static Path orders(String country) throws IOException {
        int first = 700_000 + ORDERS * series++;
        Path file = inputs.resolve(country + ".csv");
        try (PrintWriter csv = new PrintWriter(Files.newBufferedWriter(file))) {
            csv.println("InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country");
            for (int order = 0; order < ORDERS; order++) {
                for (int line = 0; line < LINES; line++) {
                    csv.printf(
                            Locale.ROOT,
                            "%d,SKU%d,Thing,2,2010-12-01 08:26:00,%s,C%d,%s%n",
                            first + order,
                            line,
                            UNIT_PRICE,
                            order % 100,
                            country);
                }
            }
        }
        return file;
    }

    /** Some orders are decided, folded and shown, and most are not: otherwise there is nothing to lose. */
    private static void awaitTheMiddle(String country) throws IOException, InterruptedException {
        Awaitility.await()
                .atMost(MIDDLE_LIMIT)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> sales(country).path("orders").asLong() > ORDERS / 100);
        assertThat(sales(country).path("orders").asLong()).isLessThan(ORDERS / 2);
    }

    private static void assertSales(String country) throws IOException, InterruptedException {
        JsonNode sales = sales(country);
        assertThat(sales.path("orders").asLong()).isEqualTo(ORDERS);
        assertThat(sales.path("lines").asLong()).isEqualTo((long) ORDERS * LINES);
        assertThat(new BigDecimal(sales.path("total").asText()))
                .isEqualByComparingTo(UNIT_PRICE.multiply(BigDecimal.valueOf(2L * LINES * ORDERS)));
    }

    private static JsonNode sales(String country) throws IOException, InterruptedException {
        return new JsonMapper()
                .readTree(annals.get("/v1/country-sales/" + country).body());
    }
}
