package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.query.Instance.Response;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MovingPartitionsIT {

    private static final int ROWS = 40;

    private final Installation installation;

    MovingPartitionsIT(KafkaCluster kafka) {
        installation = new Installation(kafka);
    }

    @AfterEach
    void stop() {
        installation.close();
    }

    private List<String> write() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            String id = "a-%03d".formatted(i);
            ids.add(id);
            installation.account(id, 1, "1");
        }
        return ids;
    }

    private static List<String> ids(Response page) {
        List<String> ids = new ArrayList<>();
        page.json().get("items").forEach(item -> ids.add(item.get("id").textValue()));
        return ids;
    }

    @Tag("heavy")
    @Test
    void every_instance_answers_for_every_key_while_partitions_move(@TempDir Path one, @TempDir Path two)
            throws Exception {
        Instance first = installation.start(one);
        first.awaitReady();
        List<String> ids = write();
        ids.forEach(id -> first.await("/v1/accounts/" + id));

        Instance second = installation.start(two);
        // While the second joins, an answer is right or a 503, never a 404.
        while (second.get("/health/ready").status() != 200) {
            for (Instance each : List.of(first, second)) {
                assertThat(each.get("/v1/accounts/a-007").status()).isIn(200, 503);
                assertThat(each.get("/v1/accounts/a-008").status()).isIn(200, 503);
            }
        }
        installation.awaitReady();

        for (Instance each : List.of(first, second)) {
            ids.forEach(
                    id -> assertThat(each.await("/v1/accounts/" + id).etag()).isEqualTo("\"1\""));
            assertThat(ids(each.await("/v1/accounts?limit=1000"))).isEqualTo(ids);
            Response page = each.get("/v1/accounts?limit=7");
            assertThat(ids(page)).isEqualTo(ids.subList(0, 7));
            Response next = each.get("/v1/accounts?limit=7&cursor="
                    + page.json().get("nextCursor").textValue());
            assertThat(ids(next)).isEqualTo(ids.subList(7, 14));
            assertThat(each.get("/v1/accounts/unknown").status()).isEqualTo(404);
            assertThat(each.get("/v1/accounts/a-001", "If-None-Match", "\"1\"").status())
                    .isEqualTo(304);
            assertThat(each.get("/v1/views").json().get("items"))
                    .hasSize(Installation.views().size());
        }
        assertThat(partitionsHere(first)).isPositive();
        assertThat(partitionsHere(second)).isPositive();

        List<CompletableFuture<Response>> waiting = new ArrayList<>();
        ids.forEach(id -> waiting.add(second.getLater("/v1/accounts/" + id + "?min_version=2&timeout=15")));
        ids.forEach(id -> installation.account(id, 2, "2"));
        for (CompletableFuture<Response> each : waiting) {
            assertThat(each.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
        }

        second.close();
        ids.forEach(id -> assertThat(first.await("/v1/accounts/" + id).etag()).isEqualTo("\"2\""));
    }

    /** Rows that this instance answers to another, that is, without asking further. */
    private static long partitionsHere(Instance instance) {
        return IntStream.range(0, ROWS)
                .filter(i -> instance.get(
                                        "/v1/accounts/a-%03d".formatted(i),
                                        "X-Annals-Hop",
                                        "1",
                                        "X-Annals-Generation",
                                        "1")
                                .status()
                        == 200)
                .count();
    }

    @Tag("long")
    @Test
    void rows_and_headers_survive_a_restart_with_and_without_the_stores(@TempDir Path state, @TempDir Path empty)
            throws Exception {
        Instance before = installation.start(state);
        before.awaitReady();
        installation.account("kept", 5, "1");
        installation.event(
                "kept",
                1,
                "AccountOpened",
                "2011-01-01T00:00:00Z",
                Map.of("owner", "Ada", "currency", "CZK", "overdraftLimit", "0"));
        before.await("/v1/accounts/kept");
        before.await("/v1/accounts/kept/state");
        before.close();

        Instance after = installation.start(state);
        after.awaitReady();
        assertKept(after);
        after.close();

        // Everything was committed, so this one has it all from restoring and nothing through the processor.
        Instance anew = installation.start(empty);
        anew.awaitReady();
        assertKept(anew);
        assertThat(installation.topics()).isNotEmpty().noneMatch(topic -> topic.contains("changelog"));
    }

    private static void assertKept(Instance instance) {
        assertThat(instance.get("/v1/accounts/kept").etag()).isEqualTo("\"5\"");
        Response events = instance.get("/v1/accounts/kept/events");
        assertThat(events.json().at("/items/0/headers/ce_id").textValue()).isEqualTo("accounts/kept/1");
        assertThat(events.json().at("/items/0/data/owner").textValue()).isEqualTo("Ada");
        assertThat(instance.get("/v1/accounts/kept/state").status()).isEqualTo(200);
    }

    @Tag("long")
    @Test
    void a_first_start_is_ready_only_with_all_that_is_in_the_topics(@TempDir Path first, @TempDir Path state) {
        Instance creator = installation.start(first);
        creator.awaitReady();
        creator.close();
        List<String> ids = write();
        installation.abortedAccount("aborted");

        Instance service = installation.start(state);
        while (service.get("/health/ready").status() != 200) {
            assertThat(service.get("/v1/accounts/a-000").status()).isIn(200, 503);
        }

        ids.forEach(id -> assertThat(service.get("/v1/accounts/" + id).status()).isEqualTo(200));
    }
}
