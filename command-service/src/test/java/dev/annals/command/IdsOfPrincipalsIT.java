package dev.annals.command;

import static dev.annals.command.Instance.header;
import static dev.annals.command.Instance.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.testsupport.http.TestIssuer;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Command ids are each principal's own: nobody's takes another's place, or finds what came of it. */
@WithKafka
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class IdsOfPrincipalsIT {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String OPEN = "{\"owner\": \"ann\", \"currency\": \"CZK\"}";
    private static final String FIVE = "{\"amount\": \"5\"}";
    private static final String POLICY = "role.user = command:accounts/*\nrole.operator = read-commands";

    private final TestIssuer issuer = TokenCallers.start();
    private final TokenCallers callers = new TokenCallers(issuer);
    private final String ann = callers.bearer("ann", "user");
    private final String bob = callers.bearer("bob", "user");
    private final String operator = callers.bearer("olga", "operator");
    private final KafkaCluster kafka;
    private final Map<String, String> settings;
    private final Instance service;
    private final AccountTopics accounts;

    IdsOfPrincipalsIT(KafkaCluster kafka, @TempDir Path stateDir, @TempDir Path policy) {
        this.kafka = kafka;
        settings = callers.settings(policy, POLICY, Map.of());
        String prefix = kafka.uniqueName("principals") + ".";
        service = Instance.start(kafka, prefix, stateDir, settings);
        accounts = new AccountTopics(kafka, prefix);
    }

    @BeforeAll
    void await_the_service() {
        service.awaitReady();
    }

    @AfterAll
    void stop() {
        accounts.close();
        service.close();
        issuer.close();
    }

    private static HttpResponse<String> send(
            Instance to, String token, String id, String command, String body, String key) {
        return to.post("/v1/accounts/" + id + "/" + command, body, "Authorization", token, "Idempotency-Key", key);
    }

    private HttpResponse<String> open(String token, String id) {
        HttpResponse<String> opened = send(service, token, id, "OpenAccount", OPEN, "open-" + id);
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
        return opened;
    }

    private static HttpResponse<String> ask(Instance from, String token, String commandId) {
        return from.send("GET", "/v1/commands/" + commandId, "", "Authorization", token);
    }

    private static void assertNew(HttpResponse<String> answer, long version) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(header(answer, "Idempotent-Replayed")).isEmpty();
        assertThat(json(answer).get("version").longValue()).isEqualTo(version);
    }

    private static void assertRepeat(HttpResponse<String> answer, long version) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(header(answer, "Idempotent-Replayed")).isEqualTo("true");
        assertThat(json(answer).get("version").longValue()).isEqualTo(version);
    }

    private static void assertProblem(HttpResponse<String> answer, int status, String code) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(json(answer).get("code").textValue()).isEqualTo(code);
    }

    @Test
    void the_same_id_of_another_principal_is_another_command() {
        open(ann, "same");
        assertNew(send(service, ann, "same", "Deposit", FIVE, "payday"), 2);

        assertNew(send(service, bob, "same", "Deposit", FIVE, "payday"), 3);
        assertNew(send(service, bob, "same", "Withdraw", "{\"amount\": \"1\"}", "open-same"), 4);

        assertRepeat(send(service, ann, "same", "Deposit", FIVE, "payday"), 2);
        assertRepeat(send(service, bob, "same", "Deposit", FIVE, "payday"), 3);
        assertProblem(
                send(service, ann, "same", "Deposit", "{\"amount\": \"6\"}", "payday"), 409, "idempotency-key-reused");
    }

    @Test
    void the_result_of_a_command_is_its_senders_alone() {
        open(ann, "hers");

        HttpResponse<String> found = ask(service, ann, "open-hers");
        assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
        assertThat(json(found).get("aggregateId").textValue()).isEqualTo("hers");
        HttpResponse<String> none = ask(service, bob, "open-none");
        HttpResponse<String> anothers = ask(service, bob, "open-hers");
        assertThat(anothers.statusCode()).isEqualTo(404);
        assertThat(anothers.body().replace("open-hers", "open-none")).isEqualTo(none.body());
        assertProblem(service.get("/v1/commands/open-hers"), 401, "unauthenticated");
    }

    @Test
    void an_operator_finds_what_a_principal_has_sent_by_its_name() {
        open(ann, "seen");
        String ofAnn = "open-seen?principal=" + URLEncoder.encode(callers.id("ann"), UTF_8);

        HttpResponse<String> found = ask(service, operator, ofAnn);
        assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
        assertThat(ask(service, operator, "open-seen").statusCode()).isEqualTo(404);
        assertProblem(ask(service, ann, ofAnn), 403, "forbidden");
        assertProblem(ask(service, bob, ofAnn), 403, "forbidden");
        assertProblem(ask(service, bob, "open-seen?principal="), 403, "forbidden");
    }

    @Test
    void what_nobody_is_known_to_have_sent_has_the_ids_of_nobody() {
        open(ann, "topic");
        accounts.send("topic", AccountTopics.deposit("1"), "ce_id", "open-topic");
        accounts.send("topic", AccountTopics.deposit("1"), "ce_id", "open-topic", "ce_authid", "importer");

        await().atMost(LIMIT).untilAsserted(() -> {
            for (String whose : new String[] {"", "importer"}) {
                HttpResponse<String> found = ask(service, operator, "open-topic?principal=" + whose);
                assertThat(found.statusCode()).as(found.body()).isEqualTo(200);
                assertThat(json(found).get("version").longValue()).isEqualTo(whose.isEmpty() ? 2 : 3);
            }
        });
    }

    @Test
    void a_command_that_is_pending_is_its_senders_too() {
        open(ann, "later");
        HttpResponse<String> pending = service.post(
                "/v1/accounts/later/Deposit",
                FIVE,
                "Authorization",
                ann,
                "Idempotency-Key",
                "later",
                "Prefer",
                "respond-async");
        assertThat(pending.statusCode()).as(pending.body()).isEqualTo(202);
        assertThat(ask(service, bob, "later").statusCode()).isEqualTo(404);
        await().atMost(LIMIT)
                .untilAsserted(() ->
                        assertThat(ask(service, ann, "later").statusCode()).isEqualTo(200));
    }

    @Test
    void an_aggregate_that_is_made_under_a_key_is_another_one_for_another_principal() {
        String[] made = new String[3];
        String[] senders = {ann, bob, ann};
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer =
                    service.post("/v1/accounts", OPEN, "Authorization", senders[i], "Idempotency-Key", "my-account");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
            made[i] = json(answer).get("aggregateId").textValue();
        }
        assertThat(made[1]).isNotEqualTo(made[0]);
        assertThat(made[2]).isEqualTo(made[0]);
    }

    /** With its store, and where that is gone and ids come from the topics. */
    @Test
    void all_this_is_so_after_a_restart(@TempDir Path stateDir, @TempDir Path emptyDir) {
        String prefix = kafka.uniqueName("restarted") + ".";
        try (Instance before = Instance.start(kafka, prefix, stateDir, settings).awaitReady()) {
            assertThat(send(before, ann, "kept", "OpenAccount", OPEN, "k1").statusCode())
                    .isEqualTo(201);
            assertNew(send(before, ann, "kept", "Deposit", FIVE, "k2"), 2);
            assertNew(send(before, bob, "kept", "Deposit", FIVE, "k2"), 3);
            assertProblem(
                    send(before, ann, "kept", "Withdraw", "{\"amount\": \"100\"}", "k3"), 409, "insufficient-funds");
        }
        for (Path dir : new Path[] {stateDir, emptyDir}) {
            try (Instance after = Instance.start(kafka, prefix, dir, settings).awaitReady()) {
                assertRepeat(send(after, ann, "kept", "Deposit", FIVE, "k2"), 2);
                assertRepeat(send(after, bob, "kept", "Deposit", FIVE, "k2"), 3);
                HttpResponse<String> rejected = send(after, ann, "kept", "Withdraw", "{\"amount\": \"100\"}", "k3");
                assertProblem(rejected, 409, "insufficient-funds");
                assertThat(header(rejected, "Idempotent-Replayed")).isEqualTo("true");
                assertThat(ask(after, ann, "k1").statusCode()).isEqualTo(200);
                assertThat(ask(after, bob, "k1").statusCode()).isEqualTo(404);
                assertThat(ask(after, operator, "k1?principal=").statusCode()).isEqualTo(404);
            }
        }
    }
}
