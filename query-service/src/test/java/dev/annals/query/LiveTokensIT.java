package dev.annals.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An instance that asks for tokens, and live answers that outlast them. */
@WithKafka
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveTokensIT {

    private static final Duration SHORT = Duration.ofSeconds(4);
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Installation installation;
    private Tokens tokens;
    private Instance instance;

    LiveTokensIT(KafkaCluster kafka) {
        installation = new Installation(kafka);
    }

    @BeforeAll
    void start(@TempDir Path folder, @TempDir Path state) throws Exception {
        tokens = new Tokens(folder, "role.authenticated = read:accounts\n");
        Map<String, String> settings = new HashMap<>(tokens.settings());
        settings.put("annals.limits.live.readers", "3");
        instance = installation.start(state, settings);
        installation.awaitReady();
    }

    @AfterAll
    void stop() {
        installation.close();
    }

    private LiveReader live(String path, Duration lifetime, String... more) throws Exception {
        return live("ann", path, lifetime, more);
    }

    private LiveReader live(String subject, String path, Duration lifetime, String... more) throws Exception {
        String[] headers = new String[more.length + 2];
        headers[0] = "Authorization";
        headers[1] = tokens.bearer(subject, lifetime);
        System.arraycopy(more, 0, headers, 2, more.length);
        return instance.live(path, headers);
    }

    /** @return the id to come back with */
    private static String endOf(LiveReader reader) throws Exception {
        long begun = System.nanoTime();
        assertThat(reader.next()).isEmpty();
        assertThat(reader.end()).isEqualTo("token-expired");
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SHORT.plusSeconds(2));
        return reader.lastId();
    }

    @Test
    void the_events_of_an_aggregate_end_with_the_token_and_go_on_with_a_new_one() throws Exception {
        installation.deposits("one", 1, 2);
        String path = "/v1/accounts/one/events";
        String token = tokens.bearer("ann", LONG);
        Awaitility.await()
                .until(() ->
                        instance.get(path + "?from=2", "Authorization", token).status() == 200);
        String last;
        try (LiveReader reader = live(path, SHORT);
                LiveReader longer = live(path, LONG)) {
            reader.next(2);
            longer.next(2);

            last = endOf(reader);

            installation.deposits("one", 3, 3);
            assertThat(longer.next()).isPresent();
        }
        try (LiveReader again = live(path, LONG, "Last-Event-ID", last)) {
            assertThat(again.next().orElseThrow().version()).isEqualTo(3);
        }
    }

    @Test
    void all_events_of_a_type_end_with_the_token_and_go_on_with_a_new_one() throws Exception {
        String path = "/v1/accounts/*/events";
        String last;
        try (LiveReader reader = live(path, SHORT)) {
            reader.firstPosition();

            last = endOf(reader);
        }
        installation.deposits("all", 1, 1);
        try (LiveReader again = live(path, LONG, "Last-Event-ID", last)) {
            assertThat(again.next()).isPresent();
        }
    }

    @Test
    void a_principal_has_so_many_live_answers_and_others_have_theirs() throws Exception {
        String path = "/v1/accounts/*/events";
        try (LiveReader one = live("bob", path, SHORT);
                LiveReader two = live("bob", path, LONG);
                LiveReader three = live("bob", path, LONG);
                LiveReader four = live("bob", path, LONG);
                LiveReader another = live("eve", path, LONG)) {
            two.firstPosition();
            three.firstPosition();
            assertThat(four.status()).isEqualTo(429);
            assertThat(four.header("Retry-After")).isEqualTo("10");
            assertThat(four.text()).contains("too-many-live-readers");
            another.firstPosition();

            endOf(one);
        }
        Awaitility.await().until(() -> {
            try (LiveReader again = live("bob", path, LONG)) {
                return again.status() == 200;
            }
        });
    }

    @Test
    void a_token_that_has_expired_begins_no_answer() throws Exception {
        try (LiveReader reader = live("/v1/accounts/*/events", Duration.ofSeconds(-1))) {
            assertThat(reader.status()).isEqualTo(401);
        }
    }
}
