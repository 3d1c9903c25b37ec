package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.e2e.Installation.Ran;
import dev.annals.testsupport.RealData;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One installation is backed up, another made of the backup: both must be the same, and the other one must go on. */
@Tag("long")
final class BackupE2E {

    @TempDir
    private Path folder;

    private record Input(List<Path> files, long orders, long lines, String total) {

        /** The figures of both are counted from the files by a program that is not ours. */
        static Input best() {
            List<Path> months = Stream.of("2010-12", "2011-01", "2011-02")
                    .map(month -> RealData.find("orders/online_retail_%s.csv.gz".formatted(month)))
                    .flatMap(Optional::stream)
                    .toList();
            return months.size() == 3
                    ? new Input(months, 3_875, 103_217, "2038742.59")
                    : new Input(List.of(), Extract.ACCEPTED, Extract.LINES, Extract.TOTAL);
        }
    }

    /**
     * Three months of a real shop, or where they are not beside the checkout the extract of them that comes with it.
     */
    @Test
    void an_installation_that_is_made_of_a_backup_is_the_same_and_goes_on() throws Exception {
        Input input = Input.best();
        Installation first = new Installation(folder);
        JsonNode backup;
        JsonNode before;
        try {
            assertThat(first.up().exitCode()).isZero();
            List<String> importing = new ArrayList<>(List.of("import", "online-retail", "--json"));
            input.files().forEach(file -> importing.add(file.toString()));
            Ran imported = first.run(importing.toArray(String[]::new));
            assertThat(imported.exitCode()).as(imported.toString()).isZero();
            backup = right(first.run("backup", folder.resolve("backup").toString(), "--json"));
            before = right(first.run("verify", "country-sales", "--json"));
        } finally {
            first.stop();
        }
        restored(backup, before, List.of(input.orders(), input.lines(), new BigDecimal(input.total())));
    }

    private void restored(JsonNode backup, JsonNode before, List<Object> totals) throws Exception {
        Installation second = new Installation(Files.createDirectory(folder.resolve("second")));
        try {
            Ran up = second.up("--kafka-only");
            assertThat(up.exitCode()).as(up.toString()).isZero();
            JsonNode restored =
                    right(second.run("restore", folder.resolve("backup").toString(), "--partitions", "3", "--json"));
            assertThat(restored.path("types")).isEqualTo(backup.path("types"));
            assertThat(second.up().exitCode()).isZero();
            await(second, before);
            JsonNode orders = right(second.run("verify", "orders", "--json"));
            assertThat(orders.at("/type/hash")).isEqualTo(type(backup, "orders").path("hash"));
            assertThat(totals(second)).isEqualTo(totals);
            goesOn(second);
            right(second.run("verify", "country-sales", "--json"));
        } finally {
            second.stop();
        }
    }

    private static JsonNode type(JsonNode report, String name) {
        for (JsonNode type : report.path("types")) {
            if (type.path("type").asText().equals(name)) {
                return type;
            }
        }
        throw new AssertionError("no %s in %s".formatted(name, report));
    }

    /** The views are built from the restored events; then they are what they were, and verify says so. */
    private static void await(Installation second, JsonNode before) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .untilAsserted(() -> assertThat(right(second.run("verify", "country-sales", "--json"))
                                .at("/view/served"))
                        .isEqualTo(before.at("/view/served")));
    }

    /** Its state knows the order: a second one of its id is against the rules. */
    private static void goesOn(Installation second) throws Exception {
        var again = second.post(
                "/v1/orders/536365/PlaceOrder",
                "{\"currency\":\"GBP\",\"lines\":[{\"sku\":\"A\",\"description\":\"a\",\"quantity\":1,\"unitPrice\":\"1\"}]}");
        assertThat(again.statusCode()).as(again.body()).isEqualTo(409);
        assertThat(again.body()).contains("order-already-exists");
    }

    /** Orders, lines and total over all countries. */
    private static List<Object> totals(Installation annals) throws Exception {
        long orders = 0;
        long lines = 0;
        BigDecimal total = BigDecimal.ZERO;
        for (JsonNode row : right(annals.run("list", "country-sales", "--limit", "1000", "--json"))
                .path("items")) {
            orders += row.path("orders").asLong();
            lines += row.path("lines").asLong();
            total = total.add(new BigDecimal(row.path("total").asText()));
        }
        return List.of(orders, lines, total.setScale(2));
    }

    private static JsonNode right(Ran ran) {
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        return ran.json();
    }
}
