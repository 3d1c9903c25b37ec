package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.query.Instance.Response;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two instances with standbys, of which one owns its partitions but can't be reached: as if it had just died. */
@WithKafka
@Timeout(value = 2, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class) // the last one ends an instance
@Tag("heavy")
class StandbyIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Map<String, String> WITH_STANDBY =
            Map.of("annals.standby.replicas", "1", "annals.query.snapshot.every", "2");
    private static final List<String> IDS =
            IntStream.range(0, 12).mapToObj(i -> "id-" + i).toList();

    private final Installation installation;

    private Instance here;
    private Instance unreachable;

    StandbyIT(KafkaCluster kafka) {
        installation = new Installation(kafka);
    }

    @BeforeAll
    void start(@TempDir Path state) throws IOException {
        here = installation.start(state.resolve("here"), WITH_STANDBY);
        Map<String, String> unreached = new HashMap<>(WITH_STANDBY);
        unreached.put("annals.query.advertised", "127.0.0.1:" + deadPort());
        unreachable = installation.start(state.resolve("unreachable"), unreached);
        installation.awaitReady();
        for (String id : IDS) {
            installation.account(id, 3, "12.5");
            installation.deposits(id, 1, 3);
        }
        await("all rows, from both").atMost(LIMIT).until(() -> allFound("/v1/accounts/%s?timeout=1"));
        await("a standby")
                .atMost(LIMIT)
                .until(() -> !ofStandbys("/v1/accounts/%s").isEmpty());
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    private static int deadPort() throws IOException {
        try (ServerSocket free = new ServerSocket(0)) {
            return free.getLocalPort();
        }
    }

    private boolean allFound(String path) {
        return IDS.stream().allMatch(id -> here.get(path.formatted(id)).status() == 200);
    }

    /** The ids whose answer comes from a standby. */
    private List<String> ofStandbys(String path) {
        List<String> ids = new ArrayList<>(IDS);
        ids.removeIf(id -> !isOfStandby(here.get(path.formatted(id))));
        return ids;
    }

    private static boolean isOfStandby(Response response) {
        return response.raw().headers().firstValue("X-Served-By").equals(Optional.of("standby"));
    }

    @Test
    @Order(1)
    void where_the_owner_is_away_a_standby_answers_says_so_and_calls_nothing_absent() {
        List<String> ofStandbys = ofStandbys("/v1/accounts/%s");
        assertThat(ofStandbys).isNotEmpty().doesNotContainSequence(IDS);
        String orphan = ofStandbys.getFirst();

        assertThat(here.get("/v1/accounts/" + orphan).json().get("balance").textValue())
                .isEqualTo("12.5");
        assertThat(here.get("/v1/accounts/%s?min_version=3".formatted(orphan)).status())
                .isEqualTo(200);
        Response newer = here.get("/v1/accounts/%s?min_version=4&timeout=0.1".formatted(orphan));
        assertThat(newer.status()).isEqualTo(503);
        assertThat(newer.raw().headers().firstValue("Retry-After")).isPresent();
        assertThat(here.get("/v1/accounts/" + absentBeside(orphan)).status()).isEqualTo(503);

        // Not the same owner as the row's: each topic is a table of its own.
        assertThat(allFound("/v1/accounts/%s/events")).isTrue();
        assertThat(allFound("/v1/accounts/%s/state?version=2")).isTrue();
        String orphanStream = ofStandbys("/v1/accounts/%s/state").getFirst();
        Response page = here.get("/v1/accounts/%s/events?min_version=2".formatted(orphanStream));
        assertThat(page.json().get("items")).hasSize(3);
        assertThat(isOfStandby(page)).isTrue();
        assertThat(here.get("/v1/accounts/%s/state?version=4".formatted(orphanStream))
                        .status())
                .isEqualTo(503);
        assertThat(here.get("/v1/accounts/%s/events".formatted(absentBeside(orphanStream)))
                        .status())
                .isEqualTo(503);

        Response list = here.get("/v1/accounts");
        assertThat(list.json().get("items")).hasSize(IDS.size());
        assertThat(isOfStandby(list)).isTrue();
    }

    @Test
    @Order(2)
    void what_the_owner_writes_reaches_the_standby_and_who_waits_for_it() {
        String orphan = ofStandbys("/v1/accounts/%s").getFirst();
        var waiting = here.getLater("/v1/accounts/%s?min_version=4&timeout=20".formatted(orphan));

        installation.account(orphan, 4, "13");

        Response row = waiting.join();
        assertThat(row.status()).isEqualTo(200);
        assertThat(row.etag()).isEqualTo("\"4\"");
    }

    @Test
    @Order(3)
    void a_standby_takes_over_and_then_answers_as_the_owner() {
        unreachable.close();

        await().atMost(LIMIT)
                .until(() -> ofStandbys("/v1/accounts/%s").isEmpty()
                        && here.get("/v1/accounts/none").status() == 404);
        assertThat(allFound("/v1/accounts/%s?min_version=3")).isTrue();
        Response list = here.get("/v1/accounts");
        assertThat(list.json().get("items")).hasSize(IDS.size());
        assertThat(isOfStandby(list)).isFalse();
    }

    private static String absentBeside(String id) {
        int partition = AggregateIds.partition(id, Installation.PARTITIONS);
        return IntStream.range(0, 1_000)
                .mapToObj(i -> "absent-" + i)
                .filter(absent -> AggregateIds.partition(absent, Installation.PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
    }
}
