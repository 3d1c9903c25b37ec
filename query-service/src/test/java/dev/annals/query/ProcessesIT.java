package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.query.Instance.Response;
import dev.annals.query.Parcels.Found;
import dev.annals.query.Parcels.Lost;
import dev.annals.query.Parcels.Posted;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes over HTTP, from either of two instances, with journals as the engine writes them. */
@WithKafka
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ProcessesIT {

    private static final String SEARCHES = "/v1/processes/searches";
    private static final int RUNNING = 20;

    private final KafkaCluster kafka;
    private final Installation installation;
    private List<Instance> services = List.of();
    private Journals journals;

    ProcessesIT(KafkaCluster kafka) {
        this.kafka = kafka;
        this.installation = new Installation(kafka);
    }

    @BeforeAll
    void start(@TempDir Path one, @TempDir Path two, @TempDir Path engine) {
        services = ListedDomains.only(
                "processes/domains", () -> List.of(installation.start(one), installation.start(two)));
        installation.awaitReady();
        journals = new Journals(kafka, engine);
        for (int i = 0; i < RUNNING; i++) {
            journals.happened("s-%02d".formatted(i), 2, new Lost());
        }
        journals.happened("answered", 2, new Lost());
        journals.answered("answered", "searches/answered/1");
        journals.happened("parked", 2, new Lost());
        journals.happened("parked", 3, new Lost());
        journals.happened("parked", 4, new Found());
        journals.happened("ended", 1, new Posted(1));
        journals.happened("ended", 2, new Lost());
        journals.happened("ended", 3, new Found());
        installation.journal("searches", journals.written());
    }

    @AfterAll
    void stop() {
        journals.close();
        installation.close();
    }

    private Response get(String path) {
        Response first = services.getFirst().await(SEARCHES + path);
        Response second = services.getLast().await(SEARCHES + path);
        assertThat(second.json()).as("of the other instance").isEqualTo(first.json());
        return first;
    }

    @Test
    void every_process_says_what_it_joins() {
        assertThat(services.getFirst().get("/v1/processes").json())
                .hasToString("{\"items\":[{\"name\":\"searches\",\"follows\":[\"parcels\"],\"sendsTo\":[\"parcels\"]}],"
                        + "\"nextCursor\":null}");
    }

    @Test
    void an_instance_is_what_its_journal_says() {
        Response response = get("/answered?min_version=2&timeout=20");

        assertThat(response.etag()).isEqualTo("\"2\"");
        assertThat(response.json())
                .hasToString("{\"id\":\"answered\",\"version\":2,\"status\":\"RUNNING\",\"reason\":null,"
                        + "\"timers\":[{\"timer\":\"give-up\",\"time\":\"2026-03-01T13:00:00Z\"}],"
                        + "\"unanswered\":[{\"commandId\":\"searches/answered/2\",\"aggregateType\":\"parcels\","
                        + "\"aggregateId\":\"answered\",\"type\":\"annals.parcels.Recall\"}],"
                        + "\"state\":{\"times\":1,\"outcome\":\"ACCEPTED\"}}");
    }

    @Test
    void who_waits_for_a_version_that_does_not_come_is_told_which_is_there() {
        assertThat(get("/answered?min_version=2&timeout=20").status()).isEqualTo(200);

        Response response = services.getLast().get(SEARCHES + "/answered?min_version=9&timeout=0.1");

        assertThat(response.status()).isEqualTo(504);
        assertThat(response.json().path("version").asLong()).isEqualTo(2);
    }

    @Test
    void an_instance_of_the_past_has_the_commands_and_timers_that_it_had_then() {
        get("/ended?min_version=2&timeout=20");
        JsonNode now = get("/ended/state").json();
        JsonNode then = get("/ended/state?version=1").json();

        assertThat(now.path("status").textValue()).isEqualTo("ENDED");
        assertThat(now.path("timers")).isEmpty();
        assertThat(then.path("status").textValue()).isEqualTo("RUNNING");
        assertThat(then.path("timers")).hasSize(1);
        assertThat(then.path("unanswered")).hasSize(2);
    }

    @Test
    void an_instance_that_is_parked_says_why() {
        JsonNode parked = get("/parked?min_version=2&timeout=20").json();

        assertThat(parked.path("status").textValue()).isEqualTo("PARKED");
        assertThat(parked.path("reason").textValue()).contains("lost again");
        assertThat(parked.path("state").path("times").asInt())
                .as("it was told once")
                .isEqualTo(1);
    }

    @Test
    void a_history_says_of_each_input_and_effect_which_it_is() {
        get("/ended?min_version=2&timeout=20");
        JsonNode items = get("/ended/history").json().path("items");

        assertThat(items.get(0).path("type").textValue()).isEqualTo("annals.processes.searches.JournalEntry");
        assertThat(items.get(0).path("id").textValue()).isEqualTo("searches/ended/1");
        assertThat(items.get(0).path("headers").path("ce_causationid").textValue())
                .isEqualTo("parcels/ended/2");
        assertThat(items.get(0).path("data").path("input"))
                .hasToString("{\"Happened\":{\"type\":\"parcels\",\"aggregateId\":\"ended\",\"version\":2,"
                        + "\"time\":\"2026-03-01T12:00:00Z\",\"events\":[{\"Lost\":{}}]}}");
        assertThat(items.get(0).path("data").path("effects"))
                .hasToString("[{\"Send\":{\"number\":1,\"type\":\"parcels\",\"aggregateId\":\"ended\","
                        + "\"expectedVersion\":null,\"command\":{\"Trace\":{}}}},"
                        + "{\"Send\":{\"number\":2,\"type\":\"parcels\",\"aggregateId\":\"ended\","
                        + "\"expectedVersion\":2,\"command\":{\"Recall\":{}}}},"
                        + "{\"At\":{\"timer\":\"give-up\",\"time\":\"2026-03-01T13:00:00Z\"}}]");
        assertThat(items.get(1).path("data").path("effects"))
                .hasToString("[{\"Cancel\":{\"timer\":\"give-up\"}},{\"End\":{}}]");
        assertThat(get("/ended/history?from=2&limit=1").json().path("items"))
                .hasSize(1)
                .first()
                .isEqualTo(items.get(1));
    }

    @Test
    void a_history_goes_on_live() throws IOException {
        journals.happened("live", 2, new Lost());
        installation.journal("searches", journals.written());
        services.getFirst().await(SEARCHES + "/live");
        try (LiveReader reader = services.getLast().live(SEARCHES + "/live/history")) {
            assertThat(reader.next().orElseThrow().version()).isEqualTo(1);

            journals.happened("live", 3, new Found());
            installation.journal("searches", journals.written());

            assertThat(reader.next().orElseThrow().data().at("/data/input/Happened/events/0"))
                    .hasToString("{\"Found\":{}}");
        }
    }

    @Test
    void pages_have_each_instance_once_with_what_it_has_come_to() {
        get("/ended?min_version=2&timeout=20");
        get("/parked?min_version=2&timeout=20");
        List<String> expected = new ArrayList<>(List.of("answered", "ended", "parked"));
        IntStream.range(0, RUNNING).forEach(i -> expected.add("s-%02d".formatted(i)));
        for (Instance each : services) {
            List<String> ids = new ArrayList<>();
            String cursor = "";
            do {
                JsonNode page = each.await(SEARCHES + "?limit=4" + cursor).json();
                page.path("items").forEach(item -> ids.add(item.path("id").textValue()));
                cursor = page.path("nextCursor").isNull()
                        ? ""
                        : "&cursor=" + page.path("nextCursor").textValue();
            } while (!cursor.isEmpty());
            ids.remove("live"); // another test's
            assertThat(ids).isEqualTo(expected);
        }
    }

    @Test
    void those_that_are_parked_are_found() {
        get("/parked?min_version=2&timeout=20");
        get("/ended?min_version=2&timeout=20");

        assertThat(get("?status=parked").json().path("items")).satisfiesExactly(item -> {
            assertThat(item.path("id").textValue()).isEqualTo("parked");
            assertThat(item.path("version").asLong()).isEqualTo(2);
            assertThat(item.path("time").textValue()).isEqualTo("2026-03-01T12:00:00Z");
            assertThat(item.path("reason").textValue()).contains("lost again");
        });
        assertThat(get("?status=running&limit=1000").json().path("items"))
                .extracting(item -> item.path("id").textValue())
                .contains("answered", "s-00")
                .doesNotContain("ended", "parked");
    }

    @Test
    void what_is_not_there_is_said_so() {
        assertProblem("/v1/processes/nothing", 404, "not-found", "there is no process 'nothing'; there are: searches");
        assertProblem(SEARCHES + "/nobody", 404, "instance-not-found", "searches 'nobody' has no entries");
        assertProblem(SEARCHES + "/nobody/history", 404, "instance-not-found", "searches 'nobody' has no entries");
        assertProblem(SEARCHES + "/a%20b", 400, "invalid-id", "instance id 'a b': expected 1 to 99 characters");
        assertProblem(SEARCHES + "?status=lost", 400, "invalid-parameter", "one of running, parked, ended");
    }

    private void assertProblem(String path, int status, String code, String detail) {
        Response response = services.getFirst().get(path);
        assertThat(response.status()).as(path).isEqualTo(status);
        assertThat(response.code()).isEqualTo(code);
        assertThat(response.detail()).contains(detail);
    }
}
