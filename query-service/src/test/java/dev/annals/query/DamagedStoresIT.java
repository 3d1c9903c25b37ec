package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.viewregistry.ViewId;
import dev.annals.query.Instance.Response;
import dev.annals.testsupport.DamagedFiles;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bytes of the stores' files change behind the back of the service, as a disk does it that errs. */
@WithKafka
@Tag("long")
class DamagedStoresIT {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int ROWS = 200;
    private static final ViewId ACCOUNTS = new ViewId("accounts", 1);
    private static final String PAGE = "/v1/accounts?limit=" + ROWS;

    private final KafkaCluster kafka;

    DamagedStoresIT(KafkaCluster kafka) {
        this.kafka = kafka;
    }

    @ParameterizedTest
    @EnumSource(names = {"TABLES", "MANIFEST"}) // CURRENT is in DamagedStoresTest
    void what_was_damaged_before_the_start_is_made_anew(DamagedFiles damaged, @TempDir Path state) {
        try (Installation installation = new Installation(kafka)) {
            fill(installation, state);
            assertThat(damaged.in(installation.stores(state, ACCOUNTS))).isPositive();

            Instance again = installation.start(state);

            awaitAllRows(again);
        }
    }

    @Test
    void what_is_damaged_while_it_runs_is_made_anew(@TempDir Path state) {
        try (Installation installation = new Installation(kafka)) {
            fill(installation, state);
            Instance instance = installation.start(state);
            instance.awaitReady();

            assertThat(DamagedFiles.TABLES.in(installation.stores(state, ACCOUNTS)))
                    .isPositive();

            awaitAllRows(instance);
        }
    }

    /** Rows that are in the files, no longer in memory. */
    private static void fill(Installation installation, Path state) {
        Instance instance = installation.start(state);
        instance.awaitReady();
        IntStream.range(0, ROWS).forEach(i -> installation.account("id-" + i, 1, "12.5"));
        await().atMost(LIMIT).until(() -> rows(instance.get(PAGE)) == ROWS);
        instance.close();
    }

    /** No answer before is wrong: it has all rows, or says that it has none to give. */
    private static void awaitAllRows(Instance instance) {
        await("all rows").atMost(LIMIT).until(() -> {
            Response page = instance.get(PAGE);
            assertThat(page.status()).as("%s", page.json()).isIn(200, 503);
            if (page.status() == 200) {
                assertThat(rows(page)).isEqualTo(ROWS);
            }
            int row = instance.get("/v1/accounts/id-7").status();
            assertThat(row).isIn(200, 503);
            return page.status() == 200
                    && row == 200
                    && instance.get("/health/ready").status() == 200;
        });
    }

    private static int rows(Response page) {
        return page.json().path("items").size();
    }
}
