package dev.annals.command;

import static dev.annals.command.TypeTopics.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.schemas.SchemaCatalog;
import dev.annals.testsupport.http.TestIssuer;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose token a command came with, as events, results and dead letters say it. */
@WithKafka
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class WhoAskedIT {

    private static final Schema PROBE = SchemaCatalog.load("annals.probes.Probe", WhoAskedIT.class.getClassLoader());
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String ONCE = "{\"times\": 1}";
    private static final String THROW = "{\"how\": \"throw\", \"note\": \"\"}";
    private static final String POLICY = "role.prober = command:probes/*\nrole.anonymous = command:probes/Probe";

    private final TestIssuer issuer = TokenCallers.start();
    private final TokenCallers callers = new TokenCallers(issuer);
    private final Installed trusting;
    private final Installed doubting;
    private int ids;

    /** A service of its own with its topics. */
    private record Installed(Instance service, TypeTopics probes) implements AutoCloseable {

        static Installed of(KafkaCluster kafka, Path stateDir, Map<String, String> settings) {
            String prefix = kafka.uniqueName("asked") + ".";
            return new Installed(
                    ProbesDomain.start(kafka, prefix, stateDir, settings),
                    new TypeTopics(kafka, kafka.registryUrl(), prefix, ProbesDomain.NAME));
        }

        @Override
        public void close() {
            probes.close();
            service.close();
        }
    }

    WhoAskedIT(KafkaCluster kafka, @TempDir Path one, @TempDir Path other, @TempDir Path policy) {
        trusting = Installed.of(kafka, one, callers.settings(policy, POLICY, Map.of()));
        doubting =
                Installed.of(kafka, other, callers.settings(policy, POLICY, Map.of("annals.auth.topics", "untrusted")));
    }

    @BeforeAll
    void await_the_services() {
        trusting.service.awaitReady();
        doubting.service.awaitReady();
    }

    @AfterAll
    void stop() {
        trusting.close();
        doubting.close();
        issuer.close();
    }

    private String newId() {
        return "probe-" + ++ids;
    }

    private static String path(String id, String command) {
        return "/v1/probes/" + id + "/" + command;
    }

    private static GenericRecord probe() {
        GenericRecord probe = new GenericData.Record(PROBE);
        probe.put("times", 1);
        return probe;
    }

    /** The headers of the record of this aggregate, which comes. */
    private static Map<String, String> headers(String id, Supplier<List<ConsumerRecord<byte[], byte[]>>> records) {
        return await().atMost(LIMIT)
                .until(
                        () -> records.get().stream()
                                .filter(each ->
                                        TypeTopics.key(each).split("/", 2)[0].equals(id))
                                .findFirst(),
                        Optional::isPresent)
                .map(each -> text(each.headers()))
                .orElseThrow();
    }

    private static void assertAsked(Map<String, String> headers, String type, String id) {
        assertThat(headers).containsEntry("ce_authtype", type).containsEntry("ce_authid", id);
    }

    private static void assertNobodyAsked(Map<String, String> headers) {
        assertThat(headers).doesNotContainKeys("ce_authtype", "ce_authid");
    }

    @Test
    void an_event_and_a_result_say_whose_token_it_was_whatever_the_client_says() {
        String ofAnn = newId();
        String ofShop = newId();
        assertThat(trusting.service
                        .post(
                                path(ofAnn, "Probe"),
                                ONCE,
                                "Authorization",
                                callers.bearer("ann", "prober"),
                                "ce_authid",
                                "mallory",
                                "ce_authtype",
                                "system")
                        .statusCode())
                .isEqualTo(201);
        assertThat(trusting.service
                        .post(path(ofShop, "Probe"), ONCE, "Authorization", callers.client("shop", "prober"))
                        .statusCode())
                .isEqualTo(201);

        assertAsked(headers(ofAnn, trusting.probes::events), "app_user", callers.id("ann"));
        assertAsked(headers(ofAnn, trusting.probes::resultRecords), "app_user", callers.id("ann"));
        assertAsked(headers(ofShop, trusting.probes::events), "service_account", callers.id("shop"));
        assertAsked(headers(ofShop, trusting.probes::resultRecords), "service_account", callers.id("shop"));
    }

    @Test
    void on_the_way_through_servlets_too() {
        String id = newId();
        assertThat(trusting.service
                        .post(
                                path(id, "Probe"),
                                ONCE,
                                "Authorization",
                                callers.bearer("ann", "prober"),
                                "Accept",
                                "application/json, application/problem+json")
                        .statusCode())
                .isEqualTo(201);

        assertAsked(headers(id, trusting.probes::events), "app_user", callers.id("ann"));
    }

    @Test
    void a_dead_letter_and_the_result_of_what_failed_say_it() {
        String id = newId();
        assertThat(trusting.service
                        .post(path(id, "Misbehave"), THROW, "Authorization", callers.bearer("ann", "prober"))
                        .statusCode())
                .isEqualTo(500);

        assertAsked(headers(id, trusting.probes::deadLetters), "app_user", callers.id("ann"));
        assertAsked(headers(id, trusting.probes::resultRecords), "app_user", callers.id("ann"));
    }

    @Test
    void who_has_no_token_is_nobody() {
        String id = newId();
        assertThat(trusting.service
                        .post(path(id, "Probe"), ONCE, "ce_authid", "mallory")
                        .statusCode())
                .isEqualTo(201);

        assertNobodyAsked(headers(id, trusting.probes::events));
        assertNobodyAsked(headers(id, trusting.probes::resultRecords));
    }

    @Test
    void a_command_that_goes_through_the_topic_takes_it_along() {
        String id = newId();
        assertThat(trusting.service
                        .post(
                                path(id, "Probe"),
                                ONCE,
                                "Authorization",
                                callers.bearer("ann", "prober"),
                                "Prefer",
                                "respond-async")
                        .statusCode())
                .isEqualTo(202);

        assertAsked(headers(id, trusting.probes::events), "app_user", callers.id("ann"));
    }

    @Test
    void what_a_record_of_the_topic_says_counts_where_its_writers_are_trusted_and_nowhere_else() {
        String id = newId();
        for (Installed each : List.of(trusting, doubting)) {
            each.probes.send(id, probe(), "ce_id", "c1", "ce_authid", "importer", "ce_authtype", "service_account");
        }

        assertAsked(headers(id, trusting.probes::events), "service_account", "importer");
        assertAsked(headers(id, trusting.probes::resultRecords), "service_account", "importer");
        assertNobodyAsked(headers(id, doubting.probes::events));
        assertNobodyAsked(headers(id, doubting.probes::resultRecords));
    }

    /** There it could not be told from anybody's record: so it is answered when it is decided. */
    @Test
    void a_command_with_a_token_goes_through_no_topic_whose_writers_are_not_trusted() {
        String id = newId();
        HttpResponse<String> answer = doubting.service.post(
                path(id, "Probe"), ONCE, "Authorization", callers.bearer("ann", "prober"), "Prefer", "respond-async");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        assertAsked(headers(id, doubting.probes::events), "app_user", callers.id("ann"));
        assertThat(doubting.probes.commandRecords())
                .noneMatch(each -> TypeTopics.key(each).equals(id));
    }
}
