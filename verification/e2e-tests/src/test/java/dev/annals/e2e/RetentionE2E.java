package dev.annals.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Installation.Ran;
import dev.annals.engine.kafka.EventKey;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Events leave by their age, the broker's cleaner takes them away, and everything that folds comes to what it came to
 * before. One installation; the tests follow each other as time does.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
final class RetentionE2E {

    private static final int WALLETS = 24;
    private static final int PUTS = 5;
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final JsonMapper JSON = new JsonMapper();

    private static WalletsInstallation wallets;

    @BeforeAll
    static void wallets_are_filled(@TempDir Path folder) throws Exception {
        wallets = WalletsInstallation.up(
                folder, Map.of("ANNALS_COMMAND_RETENTION_WALLETS", "PT15S", "ANNALS_COMMAND_EXPIRY_INTERVAL", "PT1S"));
        for (int put = 1; put <= PUTS; put++) {
            for (int wallet = 0; wallet < WALLETS; wallet++) {
                wallets.put("w-" + wallet);
            }
        }
    }

    @AfterAll
    static void everything_stops() throws Exception {
        wallets.stop();
    }

    @Test
    @Order(1)
    void old_events_leave_and_histories_begin_with_the_summary() throws Exception {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
            for (int wallet = 0; wallet < WALLETS; wallet++) {
                JsonNode first = wallets.history("w-" + wallet).path(0);
                assertThat(first.path("summary").asBoolean()).as("%s", first).isTrue();
                assertThat(first.path("version").asLong()).isGreaterThan(PUTS);
            }
        });
        assertRight();
        assertGone("w-0");
    }

    @Test
    @Order(2)
    void the_cleaner_takes_them_away_and_all_is_as_before() throws Exception {
        wallets.cleanAtOnce();

        Awaitility.await().atMost(LIMIT).until(() -> {
            wallets.rollSegments(); // and these have events that leave all the time
            return firstVersions().entrySet().stream()
                            .filter(each -> each.getKey().startsWith("w-"))
                            .allMatch(each -> each.getValue() > PUTS)
                    && anyTombstoneIsFirst();
        });

        assertRight();
        JsonNode type = wallets.verified("wallets").json().path("type");
        assertThat(type.path("expired").asInt()).isGreaterThanOrEqualTo(WALLETS * PUTS);
        assertThat(wallets.verified("holders").json().at("/view/remarks").toString())
                .contains("versions of rows were not compared");
    }

    /**
     * Whether a summary has left too, so that a fold meets the tombstones of what was before it, and then the next
     * summary.
     */
    private static boolean anyTombstoneIsFirst() {
        Map<String, Boolean> tombstoneFirst = new TreeMap<>();
        wallets.records().values().forEach(record -> {
            boolean tombstone = record.endsWith(WalletsInstallation.GONE);
            tombstoneFirst.putIfAbsent(record.substring(0, record.indexOf('/')), tombstone);
        });
        return tombstoneFirst.containsValue(true);
    }

    /** Of each wallet, in the log, by which a fold begins. */
    private static Map<String, Long> firstVersions() {
        Map<String, Long> first = new TreeMap<>();
        wallets.records().values().stream()
                .filter(record -> !record.endsWith(WalletsInstallation.GONE))
                .map(record ->
                        EventKey.parse(record.substring(0, record.indexOf('=')).getBytes(UTF_8)))
                .forEach(key -> first.merge(key.aggregateId(), key.version(), Math::min));
        return first;
    }

    @Test
    @Order(3)
    void views_are_built_anew_from_what_is_left_also_those_that_refuse_to_do_without_an_event() throws Exception {
        for (String view : new String[] {"wallets", "strict-wallets", "holders"}) {
            Ran replayed = wallets.run("replay", view, "--json");
            assertThat(replayed.exitCode()).as(replayed.toString()).isZero();
        }

        assertRight();
    }

    @Test
    @Order(4)
    void states_are_folded_anew_and_versions_go_on() throws Exception {
        long version = wallets.history("w-1").path(0).path("version").asLong();
        wallets.restartAs(2);

        assertThat(wallets.put("w-1")).isGreaterThan(version);
        assertRight();
        assertGone("w-1");
    }

    /** Everything served is the fold of what is left, and that is the sum of all that was ever put in. */
    private static void assertRight() throws Exception {
        for (String view : new String[] {"wallets", "strict-wallets", "holders"}) {
            Ran verified = wallets.verified(view);
            assertThat(verified.exitCode()).as(verified.toString()).isZero();
        }
        for (int wallet = 0; wallet < WALLETS; wallet++) {
            String id = "w-" + wallet;
            for (String path : new String[] {"/v1/wallets/%s", "/v1/strict-wallets/%s", "/v1/wallets/%s/state"}) {
                JsonNode answer = JSON.readTree(wallets.get(path.formatted(id)).body());
                JsonNode sum = answer.has("state") ? answer.at("/state/sum") : answer.path("sum");
                assertThat(sum.asLong()).as("%s %s", path, answer).isEqualTo(wallets.sum(id));
            }
        }
    }

    private static void assertGone(String wallet) throws Exception {
        for (String question : new String[] {"version=2", "at=2026-01-01T00:00:00Z"}) {
            HttpResponse<String> state = wallets.get("/v1/wallets/%s/state?%s".formatted(wallet, question));
            assertThat(state.statusCode()).as(state.body()).isEqualTo(410);
            assertThat(JSON.readTree(state.body()).path("code").asText()).isEqualTo("events-expired");
        }
    }
}
