package dev.annals.command;

import static dev.annals.command.AccountTopics.deposit;
import static dev.annals.command.AccountTopics.headers;
import static dev.annals.command.AccountTopics.key;
import static dev.annals.command.AccountTopics.open;
import static dev.annals.command.AccountTopics.text;
import static dev.annals.command.Instance.header;
import static dev.annals.command.Instance.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The guarantees, for any Kafka client: two instances share four partitions. */
@WithKafka
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.MethodName.class)
@Timeout(value = 90, unit = TimeUnit.SECONDS)
class CommandTopicsIT {

    private static final int PARTITIONS = 4;
    private static final int ACCOUNTS = 50;
    private static final String OPEN = "{\"owner\": \"ann\", \"currency\": \"CZK\"}";

    private final AccountTopics accounts;
    private final Instance first;
    private final Instance second;
    private int results;

    CommandTopicsIT(KafkaCluster kafka, @TempDir Path firstDir, @TempDir Path secondDir) {
        String prefix = kafka.uniqueName("topics") + ".";
        first = Instance.start(kafka, prefix, firstDir, Map.of());
        second = Instance.start(kafka, prefix, secondDir, Map.of());
        accounts = new AccountTopics(kafka, prefix);
    }

    @BeforeAll
    void await_both() {
        first.awaitReady();
        second.awaitReady();
        // Both decide: each has two of the four partitions.
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(accounts.partitionsOfMembers()).containsExactly(2, 2));
    }

    @AfterAll
    void stop_both() {
        accounts.close();
        second.close();
        first.close();
    }

    /** The results of the commands that a test has sent, when all are there. */
    private List<CommandResult> newResults(int count) {
        List<CommandResult> all = accounts.results(results + count);
        assertThat(all).hasSize(results + count);
        results = all.size();
        return all;
    }

    private static List<CommandResult> of(String accounts, List<CommandResult> results) {
        return results.stream()
                .filter(result -> result.aggregateId().startsWith(accounts))
                .toList();
    }

    private List<ConsumerRecord<byte[], byte[]>> eventsOf(String account) {
        return accounts.events().stream()
                .filter(event -> key(event).startsWith(account))
                .toList();
    }

    @Test
    void of_commands_that_expect_the_same_version_one_is_accepted() {
        for (int round = 0; round < 5; round++) {
            for (int i = 0; i < ACCOUNTS; i++) {
                accounts.send("race-" + i, open(), "ce_id", "r" + round, "ce_expectedversion", "0");
            }
        }
        Map<String, Long> outcomes = of("race-", newResults(5 * ACCOUNTS)).stream()
                .collect(Collectors.groupingBy(
                        result -> result.code() == null ? "accepted" : result.code(), Collectors.counting()));

        assertThat(outcomes).isEqualTo(Map.of("accepted", 50L, "version-conflict", 200L));
        assertThat(eventsOf("race-")).hasSize(ACCOUNTS);
        accounts.assertStreamsAreWhole();
    }

    @Test
    void a_repeated_command_takes_effect_once_and_has_equal_results() {
        for (int i = 0; i < ACCOUNTS; i++) {
            for (int times = 0; times < 3; times++) {
                accounts.send("again-" + i, open(), "ce_id", "same");
            }
        }
        List<CommandResult> all = of("again-", newResults(3 * ACCOUNTS));

        assertThat(eventsOf("again-")).hasSize(ACCOUNTS);
        assertThat(all.stream().filter(CommandResult::replayed)).hasSize(2 * ACCOUNTS);
        assertThat(all).hasSize(3 * ACCOUNTS).allSatisfy(result -> {
            assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(result.version()).isEqualTo(1);
        });
        assertThat(all.stream().map(CommandTopicsIT::withoutReplayMark).distinct())
                .hasSize(ACCOUNTS);
    }

    private static CommandResult withoutReplayMark(CommandResult result) {
        return new CommandResult(
                result.commandId(),
                result.commandType(),
                result.aggregateType(),
                result.aggregateId(),
                result.outcome(),
                result.version(),
                result.events(),
                result.code(),
                result.message(),
                false,
                result.time(),
                result.correlationId());
    }

    /** The topic has the brokers' clock, whatever its senders' clocks say. */
    @Test
    void a_record_from_the_future_makes_nobody_forget_an_id() {
        GenericData.Record command = new GenericData.Record(
                SchemaCatalog.load("annals.orders.DeliverOrder", CommandTopicsIT.class.getClassLoader()));
        Instant sent = Instant.now();
        for (int hours : new int[] {0, 25, 0}) {
            accounts.sendAt(sent.plus(Duration.ofHours(hours)), "orders", "old", command, "1");
        }

        assertThat(accounts.results("orders", 3))
                .extracting(CommandResult::replayed, CommandResult::code)
                .containsExactly(
                        tuple(false, "order-not-found"),
                        tuple(true, "order-not-found"),
                        tuple(true, "order-not-found"));
    }

    @Test
    void an_id_over_http_at_both_instances_at_the_same_moment_takes_effect_once() {
        List<List<CompletableFuture<HttpResponse<String>>>> pairs = new ArrayList<>();
        for (int i = 0; i < ACCOUNTS; i++) {
            String key = "both-" + i;
            List<Instance> order = i % 2 == 0 ? List.of(first, second) : List.of(second, first);
            pairs.add(order.stream()
                    .map(instance -> instance.postAsync("/v1/accounts", OPEN, "Idempotency-Key", key))
                    .toList());
        }
        Map<String, String> bodies = new LinkedHashMap<>();
        for (List<CompletableFuture<HttpResponse<String>>> pair : pairs) {
            HttpResponse<String> one = pair.getFirst().join();
            HttpResponse<String> other = pair.getLast().join();
            assertThat(one.statusCode()).isEqualTo(201);
            assertThat(other.statusCode()).isEqualTo(201);
            assertThat(one.body()).isEqualTo(other.body());
            assertThat(header(one, "Location")).isEqualTo(header(other, "Location"));
            assertThat(List.of(header(one, "Idempotent-Replayed"), header(other, "Idempotent-Replayed")))
                    .containsExactlyInAnyOrder("true", "");
            bodies.put(json(one).get("aggregateId").textValue(), one.body());
        }
        newResults(2 * ACCOUNTS);
        assertThat(bodies).hasSize(ACCOUNTS);
        assertThat(accounts.events().stream()
                        .map(event -> key(event).substring(0, key(event).indexOf('/')))
                        .filter(bodies::containsKey))
                .hasSize(ACCOUNTS);
    }

    @Test
    void a_result_is_found_from_any_instance_however_its_command_came() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            accounts.send("found-topic-" + i, open(), "ce_id", "found-topic-" + i);
            String overHttp = "found-http-" + i;
            assertThat(first.post(
                                    "/v1/accounts/" + overHttp + "/OpenAccount",
                                    OPEN,
                                    "Idempotency-Key",
                                    overHttp,
                                    "Prefer",
                                    "respond-async")
                            .statusCode())
                    .isEqualTo(202);
            ids.addAll(List.of("found-topic-" + i, overHttp));
        }
        newResults(16);
        for (Instance instance : List.of(first, second)) {
            assertThat(ids)
                    .allSatisfy(id -> await().pollDelay(Duration.ZERO)
                            .atMost(Duration.ofSeconds(10))
                            .untilAsserted(() -> {
                                HttpResponse<String> stored = instance.get("/v1/commands/" + id);
                                assertThat(stored.statusCode())
                                        .as(id + " " + stored.body())
                                        .isEqualTo(200);
                                assertThat(json(stored).get("aggregateId").textValue())
                                        .isEqualTo(id);
                                assertThat(json(stored).get("outcome").textValue())
                                        .isEqualTo("accepted");
                            }));
            HttpResponse<String> unknown = instance.get("/v1/commands/found-nowhere");
            assertThat(unknown.statusCode()).as(unknown.body()).isEqualTo(404);
        }
    }

    @Test
    void a_command_in_the_wrong_partition_is_decided_once_and_in_order() {
        for (int i = 0; i < ACCOUNTS; i++) {
            byte[] key = ("stray-" + i).getBytes(UTF_8);
            int wrong = (AggregateIds.partition(key, PARTITIONS) + 1) % PARTITIONS;
            accounts.send(wrong, key, accounts.bytes(open()), headers("ce_id", "1"));
            accounts.send(wrong, key, accounts.bytes(deposit("1")), headers("ce_id", "2"));
            accounts.send(wrong, key, accounts.bytes(deposit("2")), headers("ce_id", "3", "ce_expectedversion", "2"));
        }
        assertThat(of("stray-", newResults(3 * ACCOUNTS)))
                .hasSize(3 * ACCOUNTS)
                .allSatisfy(result -> assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED));
        assertThat(eventsOf("stray-"))
                .hasSize(3 * ACCOUNTS)
                .allSatisfy(event -> assertThat(event.partition())
                        .isEqualTo(AggregateIds.partition(
                                key(event).substring(0, key(event).indexOf('/')), PARTITIONS)));
        accounts.assertStreamsAreWhole();
    }

    @Test
    void an_event_says_where_it_comes_from() {
        accounts.send("cloud", open(), "ce_id", "c1");
        accounts.send(
                "cloud",
                deposit("12.5"),
                "ce_id",
                "c2",
                "ce_time",
                "2011-01-04T10:00:00Z",
                "ce_correlationid",
                "corr",
                "ce_authtype",
                "app_user",
                "ce_authid",
                "ann",
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        newResults(2);

        ConsumerRecord<byte[], byte[]> event = eventsOf("cloud/").get(1);
        assertThat(key(event)).isEqualTo("cloud/0000000000000000002");
        assertThat(event.partition()).isEqualTo(AggregateIds.partition("cloud", PARTITIONS));
        assertThat(event.value()[0]).isZero();
        assertThat(text(event.headers()))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry("content-type", "application/avro"),
                        Map.entry("ce_specversion", "1.0"),
                        Map.entry("ce_id", "accounts/cloud/2"),
                        Map.entry("ce_type", "annals.accounts.MoneyDeposited"),
                        Map.entry("ce_source", "/annals/accounts"),
                        Map.entry("ce_subject", "cloud"),
                        Map.entry("ce_time", "2011-01-04T10:00:00Z"),
                        Map.entry("ce_sequence", "0000000000000000002"),
                        Map.entry("ce_causationid", "c2"),
                        Map.entry("ce_correlationid", "corr"),
                        Map.entry("ce_authtype", "app_user"),
                        Map.entry("ce_authid", "ann"),
                        Map.entry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")));
    }

    @Test
    void the_sdk_of_cloud_events_reads_events_and_results() {
        accounts.send("sdk", open(), "ce_id", "s1", "ce_time", "2011-01-04T10:00:00.123456Z");
        accounts.send("sdk", open(), "ce_id", "s1", "ce_time", "2011-01-04T10:00:00.123456Z");
        newResults(2);

        OffsetDateTime asked = OffsetDateTime.parse("2011-01-04T10:00:00.123456Z");
        assertThat(cloudEvents(accounts.events(), "sdk"))
                .singleElement()
                .returns("accounts/sdk/1", CloudEvent::getId)
                .returns("annals.accounts.AccountOpened", CloudEvent::getType)
                .returns(URI.create("/annals/accounts"), CloudEvent::getSource)
                .returns(asked, CloudEvent::getTime)
                .returns("0000000000000000001", event -> event.getExtension("sequence"))
                .returns("application/avro", CloudEvent::getDataContentType);
        assertThat(cloudEvents(accounts.resultRecords(), "sdk"))
                .hasSize(2)
                .allSatisfy(result -> assertThat(result)
                        .returns("annals.CommandResult", CloudEvent::getType)
                        .returns(URI.create("/annals/accounts"), CloudEvent::getSource)
                        .returns(asked, CloudEvent::getTime)
                        .returns("s1", each -> each.getExtension("causationid"))
                        .returns("application/avro", CloudEvent::getDataContentType))
                .extracting(CloudEvent::getId)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).matches(Pattern.quote(accounts.commands()) + "-[0-3]@\\d+"));
    }

    private static List<CloudEvent> cloudEvents(List<ConsumerRecord<byte[], byte[]>> records, String subject) {
        try (var sdk = new CloudEventDeserializer()) {
            return records.stream()
                    .map(record -> sdk.deserialize(record.topic(), record.headers(), record.value()))
                    .filter(each -> subject.equals(each.getSubject()))
                    .toList();
        }
    }

    @Test
    void poison_goes_to_the_dead_letters_and_the_partition_goes_on() {
        byte[] key = "poison".getBytes(UTF_8);
        byte[] good = accounts.bytes(open());
        byte[] unknownId = ByteBuffer.allocate(6)
                .put((byte) 0)
                .putInt(987_654)
                .put((byte) 2)
                .array();
        byte[] unknownType = accounts.bytes(new GenericData.Record(SchemaBuilder.record("Nothing")
                .namespace("annals.accounts")
                .fields()
                .endRecord()));
        byte[] emptyDecimal = Arrays.copyOf(accounts.bytes(deposit("1")), 8); // the length 0, and two times null
        Arrays.fill(emptyDecimal, 5, 8, (byte) 0);
        int partition = AggregateIds.partition(key, PARTITIONS);
        RecordHeaders brokenId = new RecordHeaders();
        brokenId.add("ce_id", new byte[] {(byte) 0xC3, 0x28});

        accounts.send(partition, key, "no magic".getBytes(UTF_8), headers("ce_id", "p1"));
        accounts.send(partition, key, unknownId, headers("ce_id", "p2"));
        accounts.send(partition, null, good, headers("ce_id", "p3"));
        accounts.send(partition, key, null, headers("ce_id", "p4"));
        accounts.send(partition, "not valid".getBytes(UTF_8), good, headers("ce_id", "p5"));
        accounts.send(partition, key, unknownType, headers("ce_id", "p6"));
        accounts.send(partition, key, good, headers("ce_id", "p7", "ce_expectedversion", "first"));
        accounts.send(partition, key, good, brokenId);
        accounts.send(partition, key, emptyDecimal, headers("ce_id", "p9"));
        accounts.send(partition, key, good, headers("ce_id", "p10", "ce_authid", "x".repeat(800_000)));
        accounts.send(partition, key, good, headers("ce_id", "good"));

        // Of two nobody can be told: without a key there is no partition for the result, and without an id no one who
        // asked.
        List<CommandResult> poison = of("poison", newResults(8));
        assertThat(poison.stream().filter(result -> result.outcome() == Outcome.FAILED))
                .extracting(CommandResult::commandId, CommandResult::code)
                .containsExactly(
                        tuple("p1", "unreadable"),
                        tuple("p2", "unreadable"),
                        tuple("p4", "no-value"),
                        tuple("p6", "unknown-command"),
                        tuple("p7", "invalid-header"),
                        tuple("p9", "unreadable"),
                        tuple("p10", "invalid-header"));
        assertThat(poison.getLast().commandId()).isEqualTo("good");
        assertThat(poison.getLast().version()).isEqualTo(1);

        List<ConsumerRecord<byte[], byte[]>> letters = accounts.deadLetters(10);
        assertThat(letters)
                .hasSize(10)
                .allSatisfy(letter -> assertThat(text(letter.headers()))
                        .containsEntry("annals_dead_letter_topic", accounts.commands())
                        .containsKeys(
                                "annals_dead_letter_reason",
                                "annals_dead_letter_message",
                                "annals_dead_letter_partition",
                                "annals_dead_letter_offset"));
        assertThat(letters)
                .extracting(letter -> text(letter.headers()).get("annals_dead_letter_reason"))
                .contains("no-key", "invalid-id");
        assertThat(letters.stream()
                        .filter(letter -> "p1".equals(text(letter.headers()).get("ce_id"))))
                .singleElement()
                .satisfies(letter -> assertThat(letter.value()).asString(UTF_8).isEqualTo("no magic"));
    }

    /**
     * Transactions abort in the middle, an instance goes while it works, and another comes with nothing on its disk.
     * Nothing is lost, doubled, or decided against a state that was rolled back.
     */
    @Tag("heavy")
    @Test
    void aborts_and_an_instance_that_goes_lose_and_double_nothing(
            KafkaCluster kafka, @TempDir Path oldDir, @TempDir Path newDir) {
        String prefix = kafka.uniqueName("abort") + ".";
        int rounds = 30;
        Map<String, String> failing = Map.of("annals.value.serializer", FailingSerializer.class.getName());
        FailingSerializer.FAILURES.set(2);
        try (AccountTopics topics = new AccountTopics(kafka, prefix)) {
            try (Instance old = Instance.start(kafka, prefix, oldDir, failing)) {
                old.awaitReady();
                for (int i = 0; i < ACCOUNTS; i++) {
                    topics.send("a-" + i, open(), "ce_id", "open");
                }
                for (int round = 1; round <= rounds; round++) {
                    for (int i = 0; i < ACCOUNTS; i++) {
                        topics.send("a-" + i, deposit("1"), "ce_id", "d" + round, "ce_expectedversion", "" + round);
                    }
                }
                topics.flush();
                topics.results(ACCOUNTS * 3);
            }
            try (Instance fresh = Instance.start(kafka, prefix, newDir, failing)) {
                fresh.awaitReady();
                List<CommandResult> all = topics.results(ACCOUNTS * (rounds + 1));

                assertThat(all).hasSize(ACCOUNTS * (rounds + 1)).allSatisfy(result -> {
                    assertThat(result.outcome()).isEqualTo(Outcome.ACCEPTED);
                    assertThat(result.replayed()).isFalse();
                });
                assertThat(topics.events()).hasSize(ACCOUNTS * (rounds + 1));
                topics.assertStreamsAreWhole();
                assertThat(FailingSerializer.FAILURES).hasValue(0);
            }
        }
    }
}
