package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Business.Exchange;
import dev.annals.e2e.Installation.Ran;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * An installation of an earlier commit goes on with this build: what was answered is answered again, what was written
 * reads as before, and {@code annals verify} finds nothing. The earlier commit is the one before, or
 * {@code -Dannals.upgrade.from=COMMIT}.
 */
@Tag("long")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
final class UpgradeE2E {

    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** 513 commands. */
    private static final int BUSINESSES = 60;

    /** Likewise, in each phase of a rolling upgrade. */
    private static final int ENOUGH = 10;

    private static final int COMPARED = 50;
    /** In every build; a later one may have more. */
    private static final List<String> VIEWS = List.of("orders", "customer-orders", "country-sales", "accounts");

    /** Earlier builds have no process service. */
    private static final int LEAST_PROCESSES = 5;

    private static final JsonMapper JSON = new JsonMapper();

    private static EarlierBuild earlier;

    private final List<Beside> others = new ArrayList<>();
    private Installation annals;

    @BeforeAll
    static void build(@TempDir Path folder) throws Exception {
        earlier = EarlierBuild.in(folder);
    }

    @AfterAll
    static void takeAway() throws Exception {
        if (earlier != null) {
            earlier.remove();
        }
    }

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        annals = new Installation(folder, earlier.distribution());
        up();
    }

    @AfterEach
    void stop() throws Exception {
        others.forEach(Beside::kill);
        annals.stop();
    }

    @Test
    void after_an_upgrade_everything_reads_as_before_and_goes_on() throws Exception {
        Business business = new Business(annals::post);
        List<Exchange> before = new ArrayList<>(business.all(BUSINESSES));
        replayCountrySales();
        before.addAll(business.one(BUSINESSES)); // folded by the generation that the replay made
        awaitAllRows();
        Picture picture = Picture.of(annals, Business.ids(BUSINESSES + 1));

        assertThat(annals.run("down").exitCode()).isZero();
        annals.runBy(Installation.CURRENT);
        up();

        assertThat(business.again(before)).isEmpty();
        awaitAllRows();
        assertThat(generation("country-sales")).isGreaterThanOrEqualTo(2);
        assertThat(picture.contradictions(Picture.of(annals, Business.ids(BUSINESSES + 1))))
                .isEmpty();
        business.goOn(BUSINESSES);
        awaitAllRows();
        verify();
    }

    /**
     * Clients write all the time: to the earlier services alone, to those of both builds, and while all are killed and
     * this build starts. A client sends again what was not answered.
     */
    @Test
    void both_builds_work_side_by_side_and_a_kill_of_both_loses_nothing(@TempDir Path folder) throws Exception {
        try (Writers writers = new Writers(annals)) {
            writers.awaitMore(ENOUGH);
            // In the order that CONTRIBUTING names.
            beside("projector-service", "dev.annals.projector.ProjectorService", folder);
            Beside queries = beside("query-service", "dev.annals.query.QueryService", folder);
            writers.awaitMore(ENOUGH);
            Beside commands = beside("command-service", "dev.annals.command.CommandService", folder);
            writers.alsoTo(commands);
            writers.awaitMore(ENOUGH);
            assertThat(contradictions(writers.exchanges(), queries)).isEmpty();

            killAll();
            writers.onlyToTheInstallation();
            annals.runBy(Installation.CURRENT);
            up();
            writers.awaitMore(ENOUGH);

            List<Exchange> exchanges = writers.end();
            assertThat(new Business(annals::post).again(exchanges)).isEmpty();
        }
        awaitAllRows();
        verify();
    }

    private Beside beside(String name, String mainClass, Path folder) throws IOException {
        Beside beside = Beside.start(annals, Installation.CURRENT, name, mainClass, folder);
        others.add(beside);
        beside.awaitReady();
        return beside;
    }

    /** What the query service of one build does not say as that of the other does, of what was written last. */
    private List<String> contradictions(List<Exchange> exchanges, Beside queries)
            throws IOException, InterruptedException {
        List<String> found = new ArrayList<>();
        for (Exchange each : exchanges.subList(exchanges.size() - COMPARED, exchanges.size())) {
            JsonNode written = each.answer().body();
            String path = "/v1/%s/%s?min_version=%d&timeout=15"
                    .formatted(
                            written.path("aggregateType").asText(),
                            written.path("aggregateId").asText(),
                            written.path("version").asLong());
            found.addAll(Contradictions.of(path, row(annals.get(path)), row(annals.get(queries.port(), path))));
        }
        return found;
    }

    private static JsonNode row(HttpResponse<String> response) throws IOException {
        assertThat(response.statusCode())
                .as("%s: %s", response.uri(), response.body())
                .isEqualTo(200);
        return JSON.readTree(response.body());
    }

    /** All at once: nobody has time to say good-bye to a broker that lives longer. */
    private void killAll() throws IOException, InterruptedException {
        List<ProcessHandle> all = new ArrayList<>(annals.processes().values());
        assertThat(all).hasSizeGreaterThanOrEqualTo(LEAST_PROCESSES);
        others.forEach(each -> all.add(each.process().toHandle()));
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(Installation::kill);
    }

    private void up() throws IOException, InterruptedException {
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
    }

    private void replayCountrySales() throws IOException, InterruptedException {
        Ran replayed = annals.run("replay", "country-sales", "--json");
        assertThat(replayed.exitCode()).as(replayed.toString()).isZero();
        Awaitility.await().atMost(LIMIT).until(() -> generation("country-sales") == 2);
    }

    private void awaitAllRows() {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            for (JsonNode view : views()) {
                assertThat(view.path("state").asText()).as(view.toString()).isEqualTo("RUNNING");
                assertThat(view.path("replayInProgress").asBoolean())
                        .as(view.toString())
                        .isFalse();
                assertThat(view.path("lagRecords").asLong(-1))
                        .as(view.toString())
                        .isZero();
            }
        });
    }

    private int generation(String name) throws IOException, InterruptedException {
        for (JsonNode view : views()) {
            if (view.path("name").asText().equals(name)) {
                return view.path("generation").asInt(view.path("version").asInt()); // as the commit before has it
            }
        }
        throw new AssertionError("there is no view " + name);
    }

    private JsonNode views() throws IOException, InterruptedException {
        Ran views = annals.run("views", "--json");
        assertThat(views.exitCode()).as(views.toString()).isZero();
        assertThat(views.json().path("items").findValuesAsText("name"))
                .as(views.toString())
                .containsAll(VIEWS);
        return views.json().path("items");
    }

    /** {@code orders} and {@code accounts} name a view and an aggregate type each. */
    private void verify() throws IOException, InterruptedException {
        for (String name : VIEWS) {
            Ran verified = annals.run("verify", name);
            assertThat(verified.exitCode()).as(verified.toString()).isZero();
        }
    }
}
