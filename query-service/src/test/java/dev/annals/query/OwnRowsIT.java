package dev.annals.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.query.Instance.Response;
import dev.annals.testsupport.http.TestCertificates;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two instances that know each other by their certificates and pass tokens on, and somebody who may see their own
 * alone: what is another's is for them as what is not there.
 */
@WithKafka
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnRowsIT {

    private static final int ACCOUNTS = 40;
    private static final String OPENED = "2026-01-01T10:00:00Z";

    private final Installation installation;
    private final List<Instance> instances = new ArrayList<>();
    private Tokens tokens;
    private String ann;
    private String everybody;

    OwnRowsIT(KafkaCluster kafka) {
        installation = new Installation(kafka);
    }

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path one, @TempDir Path two) throws Exception {
        tokens = new Tokens(folder, """
                role.authenticated = read:accounts where sub = row.owner, read:accounts where sub = state.owner,\\
                  read:claims where sub = row.scope, read:claims where sub = state.owner
                role.auditor = read:*
                """);
        ann = tokens.bearer("ann", Duration.ofMinutes(10));
        everybody = tokens.bearer("eve", Duration.ofMinutes(10), "auditor");
        TestCertificates authority = new TestCertificates();
        Map<String, String> settings = new HashMap<>(tokens.settings());
        settings.putAll(authority.instanceSettings(folder, "own"));
        instances.add(installation.start(one, settings));
        instances.add(installation.start(two, settings));
        for (int i = 0; i < ACCOUNTS; i++) {
            String id = "a-%02d".formatted(i);
            String owner = i % 10 == 3 ? "ann" : "bob";
            installation.row("accounts.view.1", "AccountRow", id, 1, Map.of("owner", owner));
            installation.event(
                    id, 1, "AccountOpened", OPENED, Map.of("owner", owner, "currency", "EUR", "overdraftLimit", "0"));
        }
        for (String id : List.of("ann:1", "ann:2", "bob:1", "zoe:1")) {
            installation.row(
                    "claims.view.1", "ClaimRow", id, 1, Map.of("scope", id.split(":", 2)[0], "owner", "somebody"));
        }
        installation.awaitReady();
        for (Instance each : instances) {
            for (int i = 0; i < ACCOUNTS; i++) {
                String id = "a-%02d".formatted(i);
                awaitFound(each, "/v1/accounts/" + id);
                awaitFound(each, "/v1/accounts/%s/state".formatted(id));
            }
            Awaitility.await()
                    .until(() -> ids(get(each, everybody, "/v1/claims")).size() == 4);
        }
    }

    private void awaitFound(Instance each, String path) {
        Awaitility.await()
                .pollDelay(Duration.ZERO)
                .until(() -> get(each, everybody, path).status() == 200);
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    private static Response get(Instance instance, String token, String path, String... more) {
        return instance.get(
                path,
                Stream.concat(Stream.of("Authorization", token), Stream.of(more))
                        .toArray(String[]::new));
    }

    private static List<String> ids(Response page) {
        List<String> ids = new ArrayList<>();
        page.json().path("items").forEach(item -> ids.add(item.path("id").textValue()));
        return ids;
    }

    /** As an answer about what is not there, but for the id. */
    private static String told(Response answer, String id) {
        assertThat(answer.status()).isEqualTo(404);
        return answer.json().toString().replace(id, "ID");
    }

    private void assertHidden(String path, String token) {
        for (Instance each : instances) {
            assertThat(told(get(each, token, path.formatted("a-04")), "a-04"))
                    .isEqualTo(told(get(each, token, path.formatted("none")), "none"));
            assertThat(get(each, token, path.formatted("a-13")).status()).isEqualTo(200);
        }
    }

    @Test
    void a_row_of_another_is_not_there() {
        assertHidden("/v1/accounts/%s", ann);
    }

    /** On servlets, and not on Jetty's core handlers. */
    @Test
    void a_row_of_another_is_not_there_for_requests_that_are_not_plain() {
        assertHidden("/v1/accounts/%s?timeout=1", ann);
        for (Instance each : instances) {
            assertThat(get(each, ann, "/v1/accounts/a-04", "If-None-Match", "\"1\"")
                            .status())
                    .isEqualTo(404);
        }
    }

    @Test
    void a_row_of_another_never_has_the_version_that_is_waited_for() {
        for (Instance each : instances) {
            Response hidden = get(each, ann, "/v1/accounts/a-04?min_version=1&timeout=0.2");
            assertThat(hidden.status()).isEqualTo(504);
            assertThat(hidden.json().path("version").longValue()).isZero();
            assertThat(get(each, ann, "/v1/accounts/a-03?min_version=1&timeout=0.2")
                            .status())
                    .isEqualTo(200);
        }
    }

    @Test
    void pages_and_their_cursors_tell_of_ones_own_alone() {
        for (Instance each : instances) {
            assertThat(ids(get(each, ann, "/v1/accounts?limit=10"))).containsExactly("a-03", "a-13", "a-23", "a-33");
            assertThat(get(each, ann, "/v1/accounts?limit=10")
                            .json()
                            .path("nextCursor")
                            .isNull())
                    .isTrue();
            Response first = get(each, ann, "/v1/accounts?limit=3");
            assertThat(ids(first)).containsExactly("a-03", "a-13", "a-23");
            String cursor = first.json().path("nextCursor").textValue();
            assertThat(new String(Base64.getUrlDecoder().decode(cursor), 1, 4, UTF_8))
                    .isEqualTo("a-23");
            Response rest = get(each, ann, "/v1/accounts?limit=3&cursor=" + cursor);
            assertThat(ids(rest)).containsExactly("a-33");
            assertThat(rest.json().path("nextCursor").isNull()).isTrue();
        }
    }

    /** After the last of one's own there is nothing more, also where others follow. */
    @Test
    void a_full_page_has_no_next_one_where_only_rows_of_others_follow() {
        for (Instance each : instances) {
            Response all = get(each, ann, "/v1/accounts?limit=4");
            assertThat(ids(all)).hasSize(4);
            assertThat(all.json().path("nextCursor").isNull()).isTrue();
        }
    }

    @Test
    void a_filter_finds_nothing_of_others() {
        for (Instance each : instances) {
            assertThat(ids(get(each, ann, "/v1/accounts?owner=bob"))).isEmpty();
            assertThat(ids(get(each, everybody, "/v1/accounts?owner=bob&limit=100")))
                    .hasSize(36);
        }
    }

    @Test
    void a_rule_on_the_beginning_of_keys_finds_ones_own_among_any_number_of_others() {
        for (Instance each : instances) {
            assertThat(ids(get(each, ann, "/v1/claims"))).containsExactly("ann:1", "ann:2");
            assertThat(ids(get(each, ann, "/v1/claims?scope=bob"))).isEmpty();
            assertThat(told(get(each, ann, "/v1/claims/bob:1"), "bob:1"))
                    .isEqualTo(told(get(each, ann, "/v1/claims/bob:9"), "bob:9"));
        }
    }

    @Test
    void a_history_of_another_is_not_there() {
        assertHidden("/v1/accounts/%s/events", ann);
        assertHidden("/v1/accounts/%s/events?from=1&limit=1", ann);
    }

    @Test
    void a_state_of_another_is_not_there_now_nor_in_the_past() {
        assertHidden("/v1/accounts/%s/state", ann);
        assertHidden("/v1/accounts/%s/state?version=1", ann);
        assertHidden("/v1/accounts/%s/state?at=2026-06-01T00:00:00Z", ann);
    }

    @Test
    void a_stream_of_another_never_has_the_version_that_is_waited_for() {
        for (Instance each : instances) {
            for (String what : List.of("state", "events")) {
                String path = "/v1/accounts/%s/" + what + "?min_version=1&timeout=0.2";
                assertThat(get(each, ann, path.formatted("a-04")).status()).isEqualTo(504);
                assertThat(get(each, ann, path.formatted("a-03")).status()).isEqualTo(200);
            }
        }
    }

    @Test
    void live_events_of_another_are_not_there() throws Exception {
        for (Instance each : instances) {
            try (LiveReader hidden = each.live("/v1/accounts/a-04/events", "Authorization", ann);
                    LiveReader own = each.live("/v1/accounts/a-03/events", "Authorization", ann)) {
                assertThat(hidden.status()).isEqualTo(404);
                assertThat(own.next(1)).hasSize(1);
            }
        }
    }

    @Test
    void all_events_of_a_type_are_read_live_by_who_may_see_all_alone() throws Exception {
        for (Instance each : instances) {
            try (LiveReader own = each.live("/v1/accounts/*/events", "Authorization", ann);
                    LiveReader all = each.live("/v1/accounts/*/events", "Authorization", everybody)) {
                assertThat(own.status()).isEqualTo(403);
                assertThat(all.status()).isEqualTo(200);
            }
        }
    }

    @Test
    void live_changes_of_rows_are_those_of_ones_own() throws Exception {
        for (Instance each : instances) {
            try (LiveReader own = each.live("/v1/accounts?from=first", "Authorization", ann)) {
                assertThat(own.next(4).stream()
                                .map(event -> event.data().path("id").textValue()))
                        .containsExactlyInAnyOrder("a-03", "a-13", "a-23", "a-33");
            }
        }
    }

    /** The last that its former owner sees is not who took it. */
    @Test
    void a_live_stream_ends_with_what_makes_it_anothers() throws Exception {
        String id = "mail:x";
        installation.event("claims", id, 1, "ValueClaimed", OPENED, Map.of("owner", "ann", "expiresAt", OPENED));
        for (Instance each : instances) {
            awaitFound(each, "/v1/claims/%s/state".formatted(id));
        }
        try (LiveReader first = instances.get(0).live("/v1/claims/mail:x/events", "Authorization", ann);
                LiveReader second = instances.get(1).live("/v1/claims/mail:x/events", "Authorization", ann)) {
            assertThat(first.next(1)).hasSize(1);
            assertThat(second.next(1)).hasSize(1);

            installation.event(
                    "claims",
                    id,
                    2,
                    "ValueClaimed",
                    "2026-01-02T10:00:00Z",
                    Map.of("owner", "bob", "expiresAt", OPENED));

            assertThat(first.next()).isEmpty();
            assertThat(first.end()).isEqualTo("not-visible");
            assertThat(second.next()).isEmpty();
        }
        assertThat(get(instances.get(0), ann, "/v1/claims/mail:x/events").status())
                .isEqualTo(404);
        JsonNode nobody =
                get(instances.get(0), everybody, "/v1/claims/mail:x/state").json();
        assertThat(nobody.path("state").path("owner").textValue()).isEqualTo("bob");
    }
}
