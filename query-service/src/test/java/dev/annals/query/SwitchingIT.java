package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.query.Instance.Response;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * From one generation of a view to the next, as the notes of projectors have it. Balances say of which generation a row
 * is.
 */
@WithKafka
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SwitchingIT {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final ViewId OLD = new ViewId("accounts", 1);
    private static final ViewId NEW = new ViewId("accounts", 2);
    private static final List<String> IDS =
            IntStream.range(10, 40).mapToObj(i -> "id-" + i).toList();

    private final Installation installation;
    private final List<Reading> readers = new ArrayList<>();

    @TempDir
    private Path one;

    @TempDir
    private Path two;

    private Instance first;
    private Instance second;

    SwitchingIT(KafkaCluster kafka) {
        installation = new Installation(kafka);
    }

    @BeforeEach
    void start() {
        first = installation.start(one);
        second = installation.start(two);
        installation.awaitReady();
        IDS.forEach(id -> row(OLD, id, 1));
        IDS.forEach(id -> first.await("/v1/accounts/" + id));
    }

    @AfterEach
    void stop() {
        readers.forEach(Reading::stop);
        installation.close();
    }

    private void row(ViewId generation, String id, long version) {
        installation.row(
                "accounts.view." + generation.generation(),
                "AccountRow",
                id,
                version,
                Map.of("balance", Integer.toString(generation.generation())));
    }

    private void note(ViewId view, Status status) {
        installation.note(Installation.generation(view, status));
    }

    /** In one transaction, as projectors do. */
    private void live() {
        installation.note(Installation.generation(OLD, Status.REPLACED), Installation.generation(NEW, Status.LIVE));
    }

    private void build() {
        installation.createTopic(NEW);
        note(NEW, Status.BUILDING);
        IDS.forEach(id -> row(NEW, id, 1));
    }

    private static int generation(JsonNode row) {
        return row.path("balance").asInt();
    }

    private static int generation(Instance instance) {
        return generation(instance.get("/v1/accounts/" + IDS.getFirst()).json());
    }

    private static void awaitSwitch(Instance instance) {
        await().atMost(LIMIT).until(() -> generation(instance) == 2);
    }

    private static JsonNode status(Instance instance, String view) {
        for (JsonNode item : instance.get("/v1/views").json().path("items")) {
            if (item.path("name").asText().equals(view)) {
                return item;
            }
        }
        throw new AssertionError("no view " + view);
    }

    /** Asks instances in turn for rows and pages, all the time. */
    private final class Reading {

        private final List<Instance> instances;
        private final CompletableFuture<Integer> done;
        private volatile boolean over;
        private int newest = 1;

        private Reading(Instance... instances) {
            this.instances = List.of(instances);
            this.done = CompletableFuture.supplyAsync(
                    this::run, task -> Thread.ofVirtual().start(task));
            readers.add(this);
        }

        private int run() {
            int answers = 0;
            while (!over) {
                Instance instance = instances.get(answers % instances.size());
                Response row = instance.get("/v1/accounts/" + IDS.get(answers % IDS.size()));
                assertThat(row.status()).as("%s", row.json()).isEqualTo(200);
                see(row.json());
                Response page = instance.get("/v1/accounts?limit=100");
                assertThat(page.status()).as("%s", page.json()).isEqualTo(200);
                assertThat(page.json().path("items")).hasSize(IDS.size());
                page.json().path("items").forEach(this::see);
                answers++;
            }
            return answers;
        }

        private void see(JsonNode row) {
            assertThat(generation(row))
                    .as("after generation %d: %s", newest, row)
                    .isGreaterThanOrEqualTo(newest);
            newest = generation(row);
        }

        private void stop() {
            over = true;
        }

        int answers() throws Exception {
            stop();
            return done.get(20, TimeUnit.SECONDS);
        }
    }

    @Tag("heavy")
    @Test
    void the_new_generation_takes_over_under_constant_reads_without_a_failed_or_an_older_answer() throws Exception {
        List<Reading> reading = List.of(new Reading(first, second), new Reading(second));
        build();
        await("filled, hidden")
                .atMost(LIMIT)
                .until(() -> status(first, "accounts").path("replayInProgress").asBoolean());
        assertThat(status(second, "accounts").path("replay").path("generation").asInt())
                .isEqualTo(2);
        assertThat(status(second, "accounts").path("generation").asInt()).isEqualTo(1);
        assertThat(generation(first)).isEqualTo(1);
        assertThat(first.get("/health/ready").status()).isEqualTo(200);
        String cursor =
                first.get("/v1/accounts?limit=10").json().path("nextCursor").asText();
        note(NEW, Status.TAKING_OVER);
        List<CompletableFuture<Response>> waiting = new ArrayList<>();
        for (String id : IDS) {
            waiting.add(first.getLater("/v1/accounts/%s?min_version=2&timeout=30".formatted(id)));
            waiting.add(second.getLater("/v1/accounts/%s?min_version=2&timeout=30".formatted(id)));
        }
        assertThat(generation(second)).isEqualTo(1);

        live();
        IDS.forEach(id -> row(NEW, id, 2));

        for (CompletableFuture<Response> each : waiting) {
            Response answer = each.get(40, TimeUnit.SECONDS);
            assertThat(answer.status()).as("%s", answer.json()).isEqualTo(200);
            assertThat(generation(answer.json())).isEqualTo(2);
        }
        awaitSwitch(first);
        awaitSwitch(second);
        Response rest = first.get("/v1/accounts?limit=10&cursor=" + cursor);
        assertThat(rest.json().path("items").get(0).path("id").asText()).isEqualTo(IDS.get(10));
        for (Reading each : reading) {
            assertThat(each.answers()).isPositive();
        }
        JsonNode status = status(first, "accounts");
        assertThat(status.path("generation").asInt()).isEqualTo(2);
        assertThat(status.path("replay").isNull()).isTrue();
    }

    @Tag("long")
    @Test
    void who_is_asked_to_leave_a_generation_before_its_successor_is_live_stays() {
        String leave = "/internal/views/accounts/leave";

        assertThat(first.post(leave, "X-Annals-Hop", "1", "X-Annals-Generation", "2"))
                .isEqualTo(503);
        for (String none : List.of("0", "-1", "-2147483648", "2147483648", "x")) {
            assertThat(first.post(leave, "X-Annals-Hop", "1", "X-Annals-Generation", none))
                    .isEqualTo(400);
        }
        assertThat(first.post(leave, "X-Annals-Hop", "1")).isEqualTo(400);
        assertThat(first.post(leave, "X-Annals-Generation", "1")).isEqualTo(400); // of no other instance
        assertThat(generation(first)).isEqualTo(1);
        assertThat(first.post(leave, "X-Annals-Hop", "1", "X-Annals-Generation", "1"))
                .isEqualTo(204);
        assertThat(generation(first)).isEqualTo(1);
    }

    @Tag("long")
    @Test
    void each_partition_can_be_read_at_one_instance_and_of_a_hidden_generation_at_none() {
        build();
        await().atMost(LIMIT).until(() -> installation.stores(one, NEW).toFile().exists());

        for (int number = 0; number < Installation.PARTITIONS; number++) {
            int partition = number;
            await("no move under way")
                    .atMost(LIMIT)
                    .until(() -> isReadable(first, OLD, partition) != isReadable(second, OLD, partition));
            assertThat(isReadable(first, NEW, partition)).isFalse();
        }
        assertThat(isReadable(first, new ViewId("accounts", 3), 0)).isFalse();
    }

    private static boolean isReadable(Instance instance, ViewId generation, int partition) {
        int status = instance.get(
                        "/internal/views/accounts/partitions",
                        "X-Annals-Hop",
                        "1",
                        "X-Annals-Generation",
                        Integer.toString(generation.generation()),
                        "X-Annals-Partitions",
                        Integer.toString(partition))
                .status();
        assertThat(status).isIn(204, 503);
        return status == 204;
    }

    /**
     * Anybody can send what another instance sends; none of them can be made to say that it has found the new one
     * readable.
     */
    @Tag("long")
    @Test
    void who_is_asked_to_leave_for_what_nobody_has_found_readable_stays() {
        String leave = "/internal/views/accounts/leave";
        build();
        try (var writing = installation.uncommittedRow(
                "accounts.view.2", "AccountRow", IDS.getFirst(), 2, Map.of("balance", "2"))) {
            live(); // nobody can go over before the transaction has ended
            await().atMost(LIMIT)
                    .until(() -> installation.stores(one, NEW).toFile().exists());

            await().during(Duration.ofSeconds(3)).atMost(LIMIT).untilAsserted(() -> {
                assertThat(first.post(leave, "X-Annals-Hop", "1", "X-Annals-Generation", "2"))
                        .isEqualTo(503);
                assertThat(generation(first)).isEqualTo(1);
            });
            writing.commitTransaction();
        }

        awaitSwitch(first);
        awaitSwitch(second);
    }

    @Tag("long")
    @Test
    void rows_that_are_not_here_yet_when_a_generation_goes_live_are_waited_for() {
        installation.createTopic(NEW);
        IDS.forEach(id -> row(NEW, id, 7));
        Reading reading = new Reading(first);

        live(); // without having been seen before: its tables begin empty

        awaitSwitch(first);
        IDS.forEach(id -> assertThat(first.get("/v1/accounts/" + id).etag()).isEqualTo("\"7\""));
        reading.stop();
        assertThat(reading.done).succeedsWithin(Duration.ofSeconds(20));
    }

    @Tag("long")
    @Test
    void who_starts_while_others_still_answer_from_the_generation_before_waits_for_them(@TempDir Path three) {
        build();
        Instance third;
        try (var writing = installation.uncommittedRow(
                "accounts.view.2", "AccountRow", IDS.getFirst(), 2, Map.of("balance", "2"))) {
            live(); // nobody can go over before the transaction has ended
            third = installation.start(three);
            await().atMost(LIMIT)
                    .until(() -> installation.stores(three, NEW).toFile().exists());

            await().during(Duration.ofSeconds(4)).atMost(LIMIT).untilAsserted(() -> {
                assertThat(generation(second)).isEqualTo(1);
                assertThat(third.get("/v1/accounts/" + IDS.getLast()).status()).isEqualTo(503);
                assertThat(third.text("/health/ready")).contains("a new generation takes over");
            });
            writing.commitTransaction();
        }

        third.awaitReady();
        assertThat(third.get("/v1/accounts/" + IDS.getFirst()).etag()).isEqualTo("\"2\"");
        awaitSwitch(first);
        awaitSwitch(second);
    }

    @Tag("long")
    @Test
    void who_reads_changes_live_is_told_and_begins_anew() throws Exception {
        build();
        String old;
        try (LiveReader reader = second.live("/v1/accounts")) {
            old = reader.firstPosition();
            live();
            assertThat(reader.next()).isEmpty();
            assertThat(reader.end()).isEqualTo("view-replaced");
        }

        Response gone = second.get("/v1/accounts", "Accept", "text/event-stream", "Last-Event-ID", old);

        assertThat(gone.status()).isEqualTo(410);
        assertThat(gone.code()).isEqualTo("view-replaced");
        try (LiveReader anew = second.live("/v1/accounts?from=first")) {
            assertThat(anew.next(IDS.size())).allMatch(row -> generation(row.data()) == 2);
        }
    }

    @Tag("long")
    @Test
    void what_is_removed_leaves_nothing_here_and_who_comes_later_has_the_new_one(@TempDir Path three) {
        build();
        live();
        awaitSwitch(first);
        Instance third = installation.start(three);
        third.awaitReady();
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(
                                third.get("/v1/accounts/" + IDS.getLast()).status())
                        .isEqualTo(200));
        assertThat(generation(third)).isEqualTo(2);
        assertThat(installation.stores(three, OLD)).doesNotExist();
        assertThat(installation.stores(one, OLD)).exists();

        note(OLD, Status.REMOVED);

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(installation.stores(one, OLD)).doesNotExist());
        assertThat(first.text("/metrics"))
                .contains("table=\"accounts.view.2\"")
                .doesNotContain("table=\"accounts.view.1\"");
        assertThat(first.get("/v1/accounts").json().path("items")).hasSize(IDS.size());
    }

    @Tag("long")
    @Test
    void a_cancelled_generation_leaves_the_live_one_alone() {
        build();
        await().atMost(LIMIT).until(() -> installation.stores(one, NEW).toFile().exists());

        note(NEW, Status.REMOVED);

        await().atMost(LIMIT)
                .until(() -> !installation.stores(one, NEW).toFile().exists());
        assertThat(generation(first)).isEqualTo(1);
        assertThat(status(first, "accounts").path("replayInProgress").asBoolean())
                .isFalse();
    }
}
