package dev.annals.command;

import static dev.annals.command.Instance.json;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.EventKey;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.service.TopicSettings;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Values that many want at once, and when they expire: two instances share four partitions. */
@Tag("heavy")
@WithKafka
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class ClaimsIT {

    private static final int PARTITIONS = 4;
    private static final int OWNERS = 50;
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Schema CLAIM = SchemaCatalog.load("annals.claims.Claim", ClaimsIT.class.getClassLoader());

    /** In several partitions, so that both instances decide. */
    private static final List<String> VALUES = IntStream.range(0, 8)
            .mapToObj(i -> "email:user-" + i + "~40example.org")
            .toList();

    private record Answer(String value, String owner, CompletableFuture<HttpResponse<String>> response) {}

    private final TypeTopics claims;
    private final List<Instance> instances;

    ClaimsIT(KafkaCluster kafka, @TempDir Path firstDir, @TempDir Path secondDir) {
        String prefix = kafka.uniqueName("claims") + ".";
        Map<String, String> settings = Map.of(TopicSettings.PARTITIONS, Integer.toString(PARTITIONS));
        instances = List.of(
                Instance.start(kafka, prefix, firstDir, settings), Instance.start(kafka, prefix, secondDir, settings));
        claims = new TypeTopics(kafka, kafka.registryUrl(), prefix, "claims");
    }

    @BeforeAll
    void await_both() {
        instances.forEach(Instance::awaitReady);
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(claims.partitionsOfMembers()).containsExactly(2, 2));
    }

    @AfterAll
    void stop_both() {
        claims.close();
        instances.forEach(Instance::close);
    }

    /** Every second owner asks over HTTP, now the one instance and now the other, the others through the topic. */
    @Test
    void of_fifty_owners_who_claim_a_value_at_once_exactly_one_gets_it() {
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < OWNERS; i++) {
            String owner = "owner-" + i;
            for (String value : VALUES) {
                if (i % 2 == 0) {
                    claims.send(value, claim(owner, null), "ce_id", owner);
                } else {
                    answers.add(new Answer(value, owner, claimOverHttp(instances.get(i / 2 % 2), value, owner, null)));
                }
            }
        }

        for (String value : VALUES) {
            Map<String, String> outcomes = outcomes(value, OWNERS);
            assertThat(outcomes.values().stream().collect(groupingBy(each -> each, counting())))
                    .as(value)
                    .isEqualTo(Map.of("accepted", 1L, "already-claimed", OWNERS - 1L));
            assertThat(answers)
                    .filteredOn(answer -> answer.value.equals(value))
                    .hasSize(OWNERS / 2)
                    .allSatisfy(answer -> {
                        HttpResponse<String> response = answer.response.join();
                        boolean accepted = response.statusCode() == 201;
                        assertThat(
                                        accepted
                                                ? "accepted"
                                                : json(response).path("code").textValue())
                                .as(response.body())
                                .isEqualTo(outcomes.get(answer.owner));
                    });
            assertThat(claims.events())
                    .as(value)
                    .filteredOn(event -> isOf(value, event.key()))
                    .hasSize(1);
        }
    }

    @Test
    void an_expired_claim_is_taken_over_by_the_time_of_the_command() {
        String value = "email:imported~40example.org";
        claims.send(value, claim("ada", NOON), "ce_id", "ada", "ce_time", "2026-01-01T08:00:00Z");
        claims.send(value, claim("bob", null), "ce_id", "bob", "ce_time", "2026-01-01T11:59:59.999999Z");
        claims.send(value, claim("cid", null), "ce_id", "cid", "ce_time", "2026-01-01T12:00:00Z");

        assertThat(outcomes(value, 3))
                .isEqualTo(Map.of("ada", "accepted", "bob", "already-claimed", "cid", "accepted"));
    }

    @Test
    void over_http_the_time_of_the_command_is_that_of_the_request() {
        Instance service = instances.getFirst();
        String value = "email:asked~40example.org";

        assertThat(claimOverHttp(service, value, "ada", NOON).join().statusCode())
                .isEqualTo(201);
        Instant tomorrow = Instant.now().plus(1, ChronoUnit.DAYS);
        assertThat(claimOverHttp(service, value, "bob", tomorrow).join().statusCode())
                .isEqualTo(200);
        HttpResponse<String> refused =
                claimOverHttp(service, value, "cid", null).join();
        assertThat(refused.statusCode()).isEqualTo(409);
        assertThat(json(refused).path("code").textValue()).isEqualTo("already-claimed");
    }

    /** What each owner's claim of a value came to, when there are so many results of it. */
    private Map<String, String> outcomes(String value, int count) {
        return await().atMost(LIMIT)
                .until(
                        () -> claims.results().stream()
                                .filter(result -> result.aggregateId().equals(value) && !result.replayed())
                                .collect(toMap(result -> String.valueOf(result.commandId()), ClaimsIT::outcome)),
                        outcomes -> outcomes.size() == count);
    }

    private static String outcome(CommandResult result) {
        return result.code() == null ? "accepted" : result.code();
    }

    private static boolean isOf(String value, byte[] key) {
        return EventKey.parse(key).aggregateId().equals(value);
    }

    private static CompletableFuture<HttpResponse<String>> claimOverHttp(
            Instance service, String value, String owner, @Nullable Instant expiresAt) {
        String expiry = expiresAt == null ? "null" : "\"" + expiresAt.truncatedTo(ChronoUnit.MICROS) + "\"";
        return service.postAsync(
                "/v1/claims/" + value + "/Claim",
                "{\"owner\": \"%s\", \"expiresAt\": %s}".formatted(owner, expiry),
                "Content-Type",
                "application/json",
                "Idempotency-Key",
                owner,
                "Prefer",
                "wait=30");
    }

    private static GenericRecord claim(String owner, @Nullable Instant expiresAt) {
        GenericRecord command = new GenericData.Record(CLAIM);
        command.put("owner", owner);
        command.put("expiresAt", expiresAt == null ? null : ChronoUnit.MICROS.between(Instant.EPOCH, expiresAt));
        return command;
    }
}
