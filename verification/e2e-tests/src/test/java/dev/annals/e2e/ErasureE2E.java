package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.e2e.Installation.Ran;
import dev.annals.engine.kafka.EventKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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
 * Events are erased, the broker's cleaner really runs over their topic, and then over their tombstones: what is lost is
 * what was erased, and everybody treats it as the author says. One installation; the tests follow each other as time
 * does.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
final class ErasureE2E {

    private static final int WALLETS = 24;
    private static final int PUTS = 5;
    private static final Duration CLEANER_LIMIT = Duration.ofMinutes(2);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

    private static final EventKey IN_THE_MIDDLE = new EventKey("w-1", 3);
    private static final EventKey FIRST = new EventKey("w-2", 1);
    private static final EventKey LAST = new EventKey("w-3", PUTS);
    private static final List<EventKey> ERASED = List.of(IN_THE_MIDDLE, FIRST, LAST);
    private static final Set<String> OWNERS = new TreeSet<>(List.of("w-1", "w-2", "w-3"));

    private static WalletsInstallation wallets;

    @BeforeAll
    static void wallets_are_filled(@TempDir Path folder) throws Exception {
        wallets = WalletsInstallation.up(folder, Map.of());
        for (int wallet = 0; wallet < WALLETS; wallet++) {
            for (int put = 1; put <= PUTS; put++) {
                wallets.put("w-" + wallet);
            }
        }
        assertThat(wallets.verified("wallets").exitCode()).isZero();
    }

    @AfterAll
    static void everything_stops() throws Exception {
        wallets.stop();
    }

    @Test
    @Order(1)
    void an_event_that_was_just_erased_is_shown_as_erased_and_folds_still_come_to_it_first() throws Exception {
        Ran asked = wallets.run("erase", "wallets/w-1/3", "--reason", "a test");
        assertThat(asked.exitCode()).isEqualTo(1);
        assertThat(asked.out()).contains("would erase wallets/w-1/3: annals.wallets.Added of ");
        assertThat(asked.err()).contains("--yes");
        assertThat(wallets.run("erase", "wallets/w-1/3", "wallets/w-1/99", "--reason", "a test", "--yes")
                        .err())
                .contains("there is no event wallets/w-1/99");
        assertThat(wallets.run("erase", "wallets/w-1", "--reason", "a test", "--yes")
                        .exitCode())
                .isEqualTo(2);
        wallets.erase(ERASED);
        assertThat(wallets.run("erase", "wallets/w-1/3", "--reason", "a test", "--yes")
                        .err())
                .contains("or it has been erased");

        Awaitility.await().atMost(ANSWER_LIMIT).untilAsserted(() -> assertShownAsErased());
        for (String view : List.of("wallets", "holders", "strict-wallets")) {
            assertThat(wallets.verified(view).exitCode()).as(view).isZero();
        }
        JsonNode type = wallets.verified("wallets").json().path("type");
        assertThat(type.path("erased").asInt()).isEqualTo(ERASED.size());
        assertThat(type.path("findings")).isEmpty();
    }

    private static void assertShownAsErased() throws Exception {
        for (EventKey each : List.of(IN_THE_MIDDLE, FIRST)) {
            JsonNode items = wallets.history(each.aggregateId());
            assertThat(items).hasSizeGreaterThanOrEqualTo(PUTS);
            for (JsonNode item : items) {
                boolean erased = item.path("version").asLong() == each.version();
                assertThat(item.path("erased").asBoolean()).as("%s", item).isEqualTo(erased);
                assertThat(item.has("data")).as("%s", item).isEqualTo(!erased);
            }
        }
        // What was put in with version v is v.
        assertThat(wallets.sumAt(IN_THE_MIDDLE.aggregateId(), 3)).isEqualTo(1 + 2);
        assertThat(wallets.sumAt(IN_THE_MIDDLE.aggregateId(), 4)).isEqualTo(1 + 2 + 4);
        assertThat(wallets.sumAt(FIRST.aggregateId(), 2)).isEqualTo(2);
    }

    @Test
    @Order(2)
    void the_cleaner_takes_the_erased_events_away_and_nothing_else() throws Exception {
        Map<String, String> before = wallets.records();
        wallets.cleanAtOnce();

        Awaitility.await().atMost(CLEANER_LIMIT).until(() -> {
            wallets.rollSegments();
            return wallets.records().values().stream().noneMatch(ErasureE2E::isErasedEvent);
        });

        Map<String, String> expected = new LinkedHashMap<>(before);
        expected.values().removeIf(ErasureE2E::isErasedEvent);
        assertThat(expected).hasSize(before.size() - ERASED.size());
        assertThat(expected.values()).containsAll(tombstones(ERASED));
        assertThat(wallets.records()).containsAllEntriesOf(expected);
        assertShownAsErased();
    }

    @Test
    @Order(3)
    void versions_are_complete_and_what_was_folded_before_the_erasure_is_found() throws Exception {
        Ran verified = wallets.verified("wallets");

        assertThat(verified.exitCode()).isEqualTo(1);
        JsonNode report = verified.json();
        assertThat(report.at("/type/right").asBoolean()).as(verified.out()).isTrue();
        assertThat(report.at("/type/erased").asInt()).isEqualTo(ERASED.size());
        assertThat(keys(report.at("/states/differences"))).isEqualTo(OWNERS);
        assertThat(keys(report.at("/view/differences"))).isEqualTo(OWNERS);
        assertThat(report.at("/view/remarks").toString()).contains("3 events are erased or missing");
        assertThat(wallets.verified("holders").exitCode()).isEqualTo(1);
    }

    @Test
    @Order(4)
    void a_view_that_passes_over_is_built_anew_without_them_and_one_that_refuses_stops_and_says_so() throws Exception {
        for (String view : List.of("wallets", "holders")) {
            Ran replayed = wallets.run("replay", view, "--json");
            assertThat(replayed.exitCode()).as(replayed.toString()).isZero();
        }
        assertThat(wallets.verified("wallets").json().at("/view/equal").asBoolean())
                .isTrue();
        assertThat(wallets.verified("holders").exitCode()).isZero();

        assertThat(wallets.verified("strict-wallets")).satisfies(verified -> {
            assertThat(verified.exitCode()).isEqualTo(1);
            assertThat(verified.err()).contains("can't be folded", "SKIP");
        });
        assertThat(wallets.run("replay", "strict-wallets", "--wait", "0").exitCode())
                .isZero();
        Awaitility.await()
                .atMost(ANSWER_LIMIT)
                .untilAsserted(() -> assertThat(
                                wallets.view("strict-wallets").path("replay").toString())
                        .contains("SKIP"));
        assertThat(wallets.run("replay", "strict-wallets", "--cancel").exitCode())
                .isZero();
        assertThat(wallets.get("/v1/strict-wallets/w-1").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(5)
    void states_are_folded_anew_without_them_and_keep_their_versions() throws Exception {
        wallets.restartAs(2);

        assertThat(wallets.put("w-1")).isEqualTo(PUTS + 1);
        assertThat(wallets.put("w-3")).isEqualTo(PUTS + 1);
        Ran verified = wallets.verified("wallets");
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
        assertThat(wallets.sumAt("w-3", PUTS + 1)).isEqualTo(1 + 2 + 3 + 4 + 6);
        assertShownAsErased();
    }

    /** The cleaner has decided already how long it keeps the tombstones that it has seen, so this needs others. */
    @Test
    @Order(6)
    void where_tombstones_go_too_a_type_is_not_whole_and_all_else_is_as_before() throws Exception {
        wallets.set("delete.retention.ms", "0");
        List<EventKey> more = List.of(new EventKey("w-4", PUTS), new EventKey("w-5", 2));
        wallets.erase(more);

        Awaitility.await().atMost(CLEANER_LIMIT).until(() -> {
            wallets.rollSegments();
            return wallets.records().values().stream()
                    .noneMatch(record -> more.stream().anyMatch(each -> record.startsWith(each.toString())));
        });

        assertShownAsErased();
        wallets.restartAs(3);
        assertThat(wallets.put("w-4"))
                .as("only the old state tells of version 5")
                .isEqualTo(PUTS + 1);
        for (String view : List.of("wallets", "holders")) {
            assertThat(wallets.run("replay", view).exitCode()).isZero();
        }
        JsonNode report = wallets.verified("wallets").json();
        assertThat(report.at("/view/equal").asBoolean()).isTrue();
        assertThat(report.at("/states/equal").asBoolean()).isTrue();
        assertThat(wallets.verified("holders").exitCode()).isZero();
        assertThat(keys(report.at("/type/findings"))).containsExactlyInAnyOrder("w-4", "w-5");
    }

    private static boolean isErasedEvent(String record) {
        return !record.endsWith(WalletsInstallation.GONE)
                && ERASED.stream().anyMatch(each -> record.startsWith(each.toString()));
    }

    private static List<String> tombstones(List<EventKey> events) {
        return events.stream().map(each -> each + WalletsInstallation.GONE).toList();
    }

    private static Set<String> keys(JsonNode array) {
        Set<String> keys = new TreeSet<>();
        array.forEach(each -> keys.add(each.path("key").asText()));
        return keys;
    }
}
