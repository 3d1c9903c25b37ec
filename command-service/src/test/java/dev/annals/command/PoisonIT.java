package dev.annals.command;

import static dev.annals.command.TypeTopics.headers;
import static dev.annals.command.TypeTopics.key;
import static dev.annals.command.TypeTopics.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.schemas.SchemaCatalog;
import dev.annals.testsupport.kafka.KafkaCluster;
import dev.annals.testsupport.kafka.WithKafka;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What nobody can read or handle, in one of four partitions, each followed by a good command: the one is buried with
 * its reason and place, the other decided. The registry is a real one of this class, so that it can be away.
 */
@WithKafka
@TestInstance(Lifecycle.PER_CLASS)
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class PoisonIT {

    private static final int PARTITIONS = 4;
    private static final int MAX_EVENTS = 50;
    private static final int MAX_BYTES = 20_000;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Schema PROBE = SchemaCatalog.load("annals.probes.Probe", PoisonIT.class.getClassLoader());
    private static final Schema MISBEHAVE =
            SchemaCatalog.load("annals.probes.Misbehave", PoisonIT.class.getClassLoader());
    private static final Pattern FAILURES = Pattern.compile("annals_lanes_failures_total\\{type=\"probes\"} (\\d+)");
    private static final AtomicInteger IDS = new AtomicInteger();

    private final RegistryProcess registry;
    private final TypeTopics probes;
    private final Instance service;

    /** Poison, with the reason that the dead letter must have. */
    enum Poison {
        NO_MAGIC_BYTE("unreadable"),
        UNKNOWN_SCHEMA_ID("unreadable"),
        UNKNOWN_RECORD("unknown-command"),
        NO_KEY("no-key"),
        NO_VALUE("no-value"),
        INVALID_ID("invalid-id"),
        LARGE_EVENT("too-large"),
        DECIDE_THROWS("handler-failed"),
        DECIDE_RECURSES("handler-failed"),
        EVOLVE_THROWS("handler-failed"),
        TOO_MANY_EVENTS("too-many-events");

        private final String reason;

        Poison(String reason) {
            this.reason = reason;
        }

        /** Where there is no aggregate to answer for, there is no result. */
        boolean isAnswered() {
            return this != NO_KEY && this != INVALID_ID;
        }
    }

    PoisonIT(KafkaCluster kafka, @TempDir Path registryDir, @TempDir Path stateDir) {
        registry = RegistryProcess.start(RegistryConfig.in(registryDir));
        String prefix = kafka.uniqueName("poison") + ".";
        service = ProbesDomain.start(
                kafka,
                prefix,
                stateDir,
                Map.of(
                        "kafka.schema.registry.url", registry.url(),
                        "annals.topics.partitions", Integer.toString(PARTITIONS),
                        "annals.command.max.events", Integer.toString(MAX_EVENTS),
                        "annals.command.max.record.bytes", Integer.toString(MAX_BYTES)));
        probes = new TypeTopics(kafka, registry.url(), prefix, ProbesDomain.NAME);
    }

    @BeforeAll
    void await_the_service() {
        service.awaitReady();
    }

    @AfterAll
    void stop_all() {
        probes.close();
        service.close();
        registry.kill(); // its data goes with it
    }

    private static String newId() {
        return "probe-" + IDS.incrementAndGet();
    }

    private static String newIdIn(int partition) {
        return IntStream.generate(IDS::incrementAndGet)
                .mapToObj(i -> "probe-" + i)
                .filter(id -> AggregateIds.partition(id, PARTITIONS) == partition)
                .findFirst()
                .orElseThrow();
    }

    private static GenericRecord probe(int times) {
        GenericRecord probe = new GenericData.Record(PROBE);
        probe.put("times", times);
        return probe;
    }

    private byte[] misbehave(String how, String note) {
        GenericRecord misbehave = new GenericData.Record(MISBEHAVE);
        misbehave.put("how", how);
        misbehave.put("note", note);
        return probes.bytes(misbehave);
    }

    private byte @Nullable [] value(Poison poison) {
        return switch (poison) {
            case NO_MAGIC_BYTE -> "no magic".getBytes(UTF_8);
            case UNKNOWN_SCHEMA_ID ->
                ByteBuffer.allocate(6)
                        .put((byte) 0)
                        .putInt(987_654)
                        .put((byte) 2)
                        .array();
            case UNKNOWN_RECORD ->
                probes.bytes(new GenericData.Record(SchemaBuilder.record("Nothing")
                        .namespace("annals.probes")
                        .fields()
                        .endRecord()));
            case NO_KEY, INVALID_ID -> probes.bytes(probe(1));
            case NO_VALUE -> null;
            case LARGE_EVENT -> misbehave("large", "x".repeat(MAX_BYTES));
            case DECIDE_THROWS -> misbehave("throw", "");
            case DECIDE_RECURSES -> misbehave("recurse", "");
            case EVOLVE_THROWS -> misbehave("evolve", "");
            case TOO_MANY_EVENTS -> probes.bytes(probe(MAX_EVENTS + 1));
        };
    }

    @ParameterizedTest
    @EnumSource(Poison.class)
    void poison_is_buried_with_its_reason_and_the_next_command_of_the_partition_is_decided(Poison poison) {
        String id = poison == Poison.INVALID_ID ? "no/id " + newId() : newId();
        int partition = AggregateIds.partition(id, PARTITIONS);
        byte[] key = poison == Poison.NO_KEY ? null : id.getBytes(UTF_8);
        String bad = "bad-" + poison;
        String next = newIdIn(partition);

        long offset = probes.sendNow(partition, key, value(poison), headers("ce_id", bad, "x_mine", "kept"));
        probes.sendNow(partition, next.getBytes(UTF_8), probes.bytes(probe(1)), headers("ce_id", "next-" + poison));

        CommandResult good = awaitResult("next-" + poison);
        assertThat(good.outcome()).isEqualTo(Outcome.ACCEPTED);
        assertThat(good.version()).isEqualTo(1);
        ConsumerRecord<byte[], byte[]> letter = letterFrom(partition, offset);
        assertThat(text(letter.headers()))
                .containsEntry("annals_dead_letter_reason", poison.reason)
                .containsEntry("annals_dead_letter_topic", probes.commands())
                .hasEntrySatisfying(
                        "annals_dead_letter_message",
                        message -> assertThat(message).isNotBlank());
        if (poison == Poison.LARGE_EVENT) {
            assertThat(letter.value()).isNull();
            assertThat(text(letter.headers())).containsKey("annals_dead_letter_left_out");
        } else {
            assertThat(letter.key()).isEqualTo(key);
            assertThat(letter.value()).isEqualTo(value(poison));
            assertThat(text(letter.headers())).containsEntry("ce_id", bad).containsEntry("x_mine", "kept");
        }
        if (poison.isAnswered()) {
            CommandResult failed = awaitResult(bad);
            assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(failed.code()).isEqualTo(poison.reason);
            assertThat(failed.aggregateId()).isEqualTo(id);
            assertThat(failed.events()).isEmpty();
        } else {
            assertThat(resultsOf(bad)).isEmpty();
        }
        assertThat(probes.events())
                .extracting(event -> text(event.headers()).get("ce_causationid"))
                .contains("next-" + poison)
                .doesNotContain(bad);
    }

    /** The id of a command that failed is free: what was mended may be sent again under it. */
    @Test
    void a_command_that_failed_is_decided_anew_when_it_is_sent_again() {
        String id = newId();
        int partition = AggregateIds.partition(id, PARTITIONS);
        probes.sendNow(partition, id.getBytes(UTF_8), "broken".getBytes(UTF_8), headers("ce_id", "mended"));
        awaitResult("mended");
        probes.sendNow(partition, id.getBytes(UTF_8), probes.bytes(probe(2)), headers("ce_id", "mended"));

        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(resultsOf("mended"))
                        .extracting(CommandResult::outcome)
                        .containsExactly(Outcome.FAILED, Outcome.ACCEPTED));
        assertThat(resultsOf("mended").getLast().version()).isEqualTo(2);
        assertThat(resultsOf("mended").getLast().replayed()).isFalse();
    }

    @Test
    void a_command_that_failed_is_looked_up_until_it_is_mended_and_then_what_it_came_to() {
        String id = newId();
        int partition = AggregateIds.partition(id, PARTITIONS);
        probes.sendNow(partition, id.getBytes(UTF_8), probes.bytes(probe(2)), headers("ce_id", "before"));
        probes.sendNow(partition, id.getBytes(UTF_8), "broken".getBytes(UTF_8), headers("ce_id", "looked-up"));
        awaitResult("looked-up");

        assertThat(lookup("looked-up")).contains("\"outcome\":\"failed\"", "\"code\":\"unreadable\"", "\"version\":2");

        probes.sendNow(partition, id.getBytes(UTF_8), probes.bytes(probe(1)), headers("ce_id", "looked-up"));
        await().atMost(LIMIT)
                .untilAsserted(() -> assertThat(resultsOf("looked-up")).hasSize(2));
        assertThat(lookup("looked-up")).contains("\"outcome\":\"accepted\"", "\"version\":3");
    }

    private String lookup(String commandId) {
        HttpResponse<String> answer = service.get("/v1/commands/" + commandId);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body();
    }

    @Test
    void a_dead_letter_is_shown_and_sent_again_over_http() throws IOException {
        String id = newId();
        int partition = AggregateIds.partition(id, PARTITIONS);
        byte[] command = misbehave("throw", "shown");
        long offset = probes.sendNow(partition, id.getBytes(UTF_8), command, headers("ce_id", "shown"));
        awaitResult("shown");
        ConsumerRecord<byte[], byte[]> letter = letterFrom(partition, offset);
        String place = "/v1/dead-letters/probes/%d:%d".formatted(letter.partition(), letter.offset());

        JsonNode listed = Instance.json(service.get("/v1/dead-letters/probes?reason=handler-failed"))
                .path("items");
        assertThat(listed)
                .filteredOn(each -> each.path("commandId").asText().equals("shown"))
                .singleElement()
                .satisfies(each -> {
                    assertThat(each.path("key").asText()).isEqualTo(id);
                    assertThat(each.path("partition").intValue()).isEqualTo(letter.partition());
                    assertThat(each.path("offset").longValue()).isEqualTo(letter.offset());
                    assertThat(each.path("originOffset").longValue()).isEqualTo(offset);
                });
        assertThat(Instance.json(service.get("/v1/dead-letters/probes?reason=unheard-of"))
                        .path("items"))
                .isEmpty();

        JsonNode shown = Instance.json(service.get(place));
        assertThat(shown.path("value").binaryValue()).isEqualTo(command);
        assertThat(shown.at("/data/how").asText()).isEqualTo("throw");
        assertThat(shown.at("/headers/ce_id").asText()).isEqualTo("shown");

        JsonNode again = Instance.json(service.post(place + "/resend", ""));
        assertThat(again.path("outcome").asText()).as(again.toString()).isEqualTo("failed");
        assertThat(again.path("code").asText()).isEqualTo("handler-failed");
        assertThat(again.path("deadLetter").path("offset").longValue()).isGreaterThan(letter.offset());
    }

    @Test
    void a_dead_letter_without_a_schema_is_shown_as_its_bytes() throws IOException {
        String id = newId();
        int partition = AggregateIds.partition(id, PARTITIONS);
        byte[] garbage = "no magic here".getBytes(UTF_8);
        long offset = probes.sendNow(partition, id.getBytes(UTF_8), garbage, headers("ce_id", "garbage"));
        awaitResult("garbage");
        ConsumerRecord<byte[], byte[]> letter = letterFrom(partition, offset);

        JsonNode shown = Instance.json(
                service.get("/v1/dead-letters/probes/%d:%d".formatted(letter.partition(), letter.offset())));

        assertThat(shown.path("value").binaryValue()).isEqualTo(garbage);
        assertThat(shown.path("data").isNull()).isTrue();
        assertThat(shown.path("reason").asText()).isEqualTo("unreadable");
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/dead-letters/nothing, 404",
        "/v1/dead-letters/probes?limit=0, 400",
        "/v1/dead-letters/probes/first, 400",
        "/v1/dead-letters/probes/0:987654321, 409"
    })
    void what_is_no_dead_letter_is_a_problem(String path, int status) {
        assertThat(service.get(path).statusCode()).isEqualTo(status);
    }

    @Test
    void a_handler_that_throws_is_a_500_with_its_code_over_http() {
        String id = newId();
        service.post("/v1/probes/" + id + "/Probe", "{\"times\": 3}");
        HttpResponse<String> failed = service.post(
                "/v1/probes/" + id + "/Misbehave", "{\"how\": \"throw\", \"note\": \"\"}", "Idempotency-Key", "http");

        assertThat(failed.statusCode()).isEqualTo(500);
        assertThat(failed.body()).contains("\"code\":\"handler-failed\"", "\"outcome\":\"failed\"", "\"version\":3");
        assertThat(failed.headers().firstValue("ETag")).contains("\"3\"");
        assertThat(lookup("http")).contains("\"code\":\"handler-failed\"", "\"version\":3");
        assertThat(service.post("/v1/probes/" + id + "/Probe", "{\"times\": 1}").statusCode())
                .isEqualTo(200);
    }

    /**
     * The registry knows the schema and the service doesn't yet, so it can't read the command while the registry is
     * away.
     */
    @Tag("heavy")
    @Test
    void a_registry_that_is_away_is_waited_for_and_buries_nothing() {
        Schema newer = SchemaBuilder.record("Probe")
                .namespace("annals.probes")
                .fields()
                .requiredInt("times")
                .optionalString("why")
                .endRecord();
        GenericRecord command = new GenericData.Record(newer);
        command.put("times", 3);
        byte[] unseen = bytesOfAnotherProcess(command);
        byte[] seen = probes.bytes(probe(1));
        String id = newId();
        int partition = AggregateIds.partition(id, PARTITIONS);
        int lettersBefore = probes.deadLetters().size();
        int failuresBefore = failures();

        registry.kill();
        try {
            probes.sendNow(partition, id.getBytes(UTF_8), unseen, headers("ce_id", "unseen"));
            probes.sendNow(partition, id.getBytes(UTF_8), seen, headers("ce_id", "after-unseen"));
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(failures()).isGreaterThanOrEqualTo(failuresBefore + 2));
            assertThat(probes.answered()).doesNotContain("unseen", "after-unseen");
            assertThat(probes.deadLetters()).hasSize(lettersBefore);
        } finally {
            registry.start();
        }

        assertThat(awaitResult("unseen").version()).isEqualTo(3);
        assertThat(awaitResult("after-unseen").version()).isEqualTo(4);
        assertThat(probes.deadLetters()).hasSize(lettersBefore);
        assertThat(probes.events().stream().filter(event -> key(event).startsWith(id + "/")))
                .hasSize(4);
    }

    /** Serdes of equal settings share their cache, and in this JVM that would be the service's too. */
    private byte[] bytesOfAnotherProcess(GenericRecord command) {
        AvroSerdes other = new AvroSerdes(
                "dev.annals.serde.RegistryAvroSerializer",
                "dev.annals.serde.RegistryAvroDeserializer",
                Map.of(
                        "schema.registry.url", registry.url(),
                        "schema.registry.request.timeout.ms", "4321",
                        "value.subject.name.strategy", "TopicRecordNameStrategy"));
        try (Serializer<Object> serializer = other.newSerializer()) {
            return serializer.serialize(probes.commands(), command);
        }
    }

    private int failures() {
        Matcher failures = FAILURES.matcher(service.get("/metrics").body());
        return failures.find() ? Integer.parseInt(failures.group(1)) : 0;
    }

    private List<CommandResult> resultsOf(String commandId) {
        return probes.results().stream()
                .filter(result -> commandId.equals(result.commandId()))
                .toList();
    }

    private CommandResult awaitResult(String commandId) {
        await().dontCatchUncaughtExceptions()
                .pollDelay(Duration.ZERO)
                .atMost(LIMIT)
                .until(() -> !resultsOf(commandId).isEmpty());
        return resultsOf(commandId).getFirst();
    }

    private ConsumerRecord<byte[], byte[]> letterFrom(int partition, long offset) {
        return probes.deadLetters().stream()
                .filter(letter -> {
                    Map<String, String> headers = text(letter.headers());
                    return Objects.equals(headers.get("annals_dead_letter_partition"), "" + partition)
                            && Objects.equals(headers.get("annals_dead_letter_offset"), "" + offset);
                })
                .findFirst()
                .orElseThrow(() -> new AssertionError("no dead letter from %d:%d".formatted(partition, offset)));
    }
}
