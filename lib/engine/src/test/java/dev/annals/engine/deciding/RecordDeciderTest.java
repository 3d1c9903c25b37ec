package dev.annals.engine.deciding;

import static dev.annals.engine.deciding.RecordDecider.Target.COMMANDS;
import static dev.annals.engine.deciding.RecordDecider.Target.DEAD_LETTERS;
import static dev.annals.engine.deciding.RecordDecider.Target.EVENTS;
import static dev.annals.engine.deciding.RecordDecider.Target.RESULTS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.deciding.Counters.Add;
import dev.annals.engine.deciding.Counters.Bug;
import dev.annals.engine.deciding.Counters.Count;
import dev.annals.engine.deciding.Counters.Event;
import dev.annals.engine.deciding.Counters.Misbehave;
import dev.annals.engine.deciding.RecordDecider.Asked;
import dev.annals.engine.deciding.RecordDecider.Decided;
import dev.annals.engine.deciding.RecordDecider.Output;
import dev.annals.engine.deciding.RecordDecider.Target;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import io.cloudevents.CloudEvent;
import io.cloudevents.kafka.CloudEventDeserializer;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What becomes of a command record; races, transactions and partitions are the host's, and tested on a broker. */
class RecordDeciderTest {

    private static final Topics TOPICS = new Topics("test.");
    private static final Duration RETENTION = Duration.ofHours(1);
    private static final int MAX_BYTES = 10_000;
    private static final long SENT = 1_294_135_200_000L;
    private static final long WALL_CLOCK = SENT + 77;

    private final AvroSerdes serdes = new AvroSerdes(
            "dev.annals.serde.RegistryAvroSerializer",
            "dev.annals.serde.RegistryAvroDeserializer",
            Map.of(
                    "schema.registry.url",
                    "mock://record-decider-" + UUID.randomUUID(),
                    "value.subject.name.strategy",
                    "TopicRecordNameStrategy"));

    private final Serializer<Object> serializer = serdes.newSerializer();
    private final Deserializer<Object> deserializer = serdes.newDeserializer();
    private final RecordBinding<CommandResult> binding = CommandResult.binding();

    private final DecidingDriver<Counters.Command, Count, Event> driver = new DecidingDriver<>(
            Counters.BINDING, TOPICS, serdes, new DecidingConfig(RETENTION, 100, MAX_BYTES), () -> WALL_CLOCK);

    @AfterEach
    void stop() {
        driver.close();
        serializer.close();
        deserializer.close();
    }

    /** The results that are kept under a command id. */
    private List<CommandResult> stored(String commandId) {
        return driver.memory.find(commandId).stream()
                .map(driver.decider::stored)
                .toList();
    }

    private static CloudEvent cloudEvent(Record<byte[], byte[]> record) {
        try (var sdk = new CloudEventDeserializer()) {
            return sdk.deserialize("any", record.headers(), record.value());
        }
    }

    private static GenericRecord avro(Counters.Command command) {
        return Counters.BINDING.commandToAvro(command);
    }

    private byte[] bytes(IndexedRecord record) {
        return serializer.serialize("test.counters.commands", record);
    }

    private void send(byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        driver.send(key, value, headers, SENT);
    }

    private void send(String id, Counters.Command command, Headers headers) {
        send(id.getBytes(UTF_8), bytes(avro(command)), headers);
    }

    private void sendAt(long time, String id, Counters.Command command, String commandId) {
        driver.send(id.getBytes(UTF_8), bytes(avro(command)), headers("ce_id", commandId), time);
    }

    private static Headers headers(String... keysAndValues) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            headers.add(keysAndValues[i], keysAndValues[i + 1].getBytes(UTF_8));
        }
        return headers;
    }

    private static Map<String, String> text(Headers headers) {
        Map<String, String> text = new LinkedHashMap<>();
        headers.forEach(header -> text.put(header.key(), new String(header.value(), UTF_8)));
        return text;
    }

    private CommandResult result(Record<byte[], byte[]> record) {
        return binding.fromAvro((IndexedRecord) deserializer.deserialize("any", record.value()));
    }

    private CommandResult onlyResult() {
        return result(driver.takeOne(RESULTS));
    }

    private Map<String, String> onlyDeadLetter() {
        return text(driver.takeOne(DEAD_LETTERS).headers());
    }

    /** The partition goes on. */
    private void assertThatTheNextCommandIsDecided() {
        send("next", new Add(1), headers());
        assertThat(onlyResult().outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void an_id_is_remembered_for_its_retention_in_the_time_of_the_records() {
        for (long after : new long[] {0, RETENTION.toMillis(), RETENTION.toMillis() + 1}) {
            sendAt(SENT + after, "a", new Add(1), "c1");
        }

        assertThat(driver.take(RESULTS))
                .extracting(each -> result(each).replayed())
                .containsExactly(false, true, false);
    }

    @Nested
    class An_id {

        private static Headers of(@Nullable String principal) {
            Headers headers = headers("ce_id", "c1");
            HeaderName.AUTH_ID.put(headers, principal);
            return headers;
        }

        private List<CommandResult> sentBy(DecidingDriver<Counters.Command, Count, Event> to, String... principals) {
            for (String each : principals) {
                to.send("a".getBytes(UTF_8), bytes(avro(new Add(1))), of(each.isEmpty() ? null : each), SENT);
            }
            return to.take(RESULTS).stream().map(each -> result(each)).toList();
        }

        private DecidingDriver<Counters.Command, Count, Event> with(ActorTrust trust) {
            DecidingConfig config = new DecidingConfig(RETENTION, 100, MAX_BYTES, trust);
            return new DecidingDriver<>(Counters.BINDING, TOPICS, serdes, config, () -> WALL_CLOCK);
        }

        @Test
        void is_each_principals_own_where_who_asks_is_believed() {
            try (var trusting = with(ActorTrust.TOPICS)) {
                assertThat(sentBy(trusting, "ann", "bob", "", "ann", "bob", ""))
                        .extracting(CommandResult::version, CommandResult::replayed, CommandResult::commandId)
                        .containsExactly(
                                tuple(1L, false, "c1"),
                                tuple(2L, false, "c1"),
                                tuple(3L, false, "c1"),
                                tuple(1L, true, "c1"),
                                tuple(2L, true, "c1"),
                                tuple(3L, true, "c1"));
            }
        }

        @ParameterizedTest
        @EnumSource(
                value = ActorTrust.class,
                names = {"UNVERIFIED", "CALLERS"})
        void is_everybodys_where_what_a_topic_says_is_not_believed(ActorTrust trust) {
            try (var doubting = with(trust)) {
                assertThat(sentBy(doubting, "ann", "bob", ""))
                        .extracting(CommandResult::replayed)
                        .containsExactly(false, true, true);
            }
        }

        @Test
        void of_a_command_that_failed_is_kept_for_its_sender() {
            try (var trusting = with(ActorTrust.TOPICS)) {
                trusting.send("a".getBytes(UTF_8), null, of("ann"), SENT);

                assertThat(trusting.memory.find(ActorTrust.TOPICS.nameOf("c1", "ann")))
                        .hasSize(1);
                assertThat(trusting.memory.find(ActorTrust.TOPICS.nameOf("c1", "bob")))
                        .isEmpty();
                assertThat(trusting.memory.find("c1")).isEmpty();
            }
        }

        @Test
        void has_a_name_that_no_other_has() {
            ActorTrust trust = ActorTrust.TOPICS;
            assertThat(trust.nameOf("c1", (String) null)).isEqualTo("c1");
            assertThat(List.of(
                            trust.nameOf("c1", "ann"),
                            trust.nameOf("1", "annc"),
                            trust.nameOf("c1", "ann\0c1"),
                            trust.nameOf("c1", "")))
                    .doesNotHaveDuplicates()
                    .allMatch(each -> Character.isISOControl(each.charAt(0)) && each.length() == 44);
        }
    }

    @Nested
    class A_command_for_ones_own {

        /** @param rule as {@link Restriction#write} has it */
        private CommandResult send(Counters.Command command, String id, String rule) {
            RecordDeciderTest.this.send("a", command, headers("ce_id", id, "annals_only_where", rule));
            return onlyResult();
        }

        @Test
        void is_decided_where_a_field_of_the_state_has_the_value_and_else_rejected() {
            RecordDeciderTest.this.send("a", new Add(2), headers());
            driver.clear();

            CommandResult own = send(new Add(1), "c1", "value=2");
            assertThat(own.outcome()).isEqualTo(Outcome.ACCEPTED);
            driver.clear();
            CommandResult anothers = send(new Add(1), "c2", "value=2"); // by now it is 3
            assertThat(anothers.outcome()).isEqualTo(Outcome.REJECTED);
            assertThat(anothers.code()).isEqualTo("forbidden");
            assertThat(anothers.isForbidden()).isTrue();
            assertThat(driver.take(EVENTS)).isEmpty();
        }

        @Test
        void needs_one_of_several_to_hold() {
            RecordDeciderTest.this.send("a", new Add(2), headers());
            driver.clear();

            assertThat(send(new Add(1), "c1", "text=x&value=2").outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(send(new Add(1), "c2", "text=x&value=2").isForbidden()).isTrue();
            assertThat(send(new Add(1), "c3", "id=b&id=a").outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(send(new Add(1), "c4", "id=b").isForbidden()).isTrue();
            assertThat(send(new Add(1), "c5", "nothing=2").isForbidden()).isTrue();
        }

        /** There is no state that could say whose it is; a state to begin with is nobody's. */
        @Test
        void counts_by_its_own_field_where_there_is_no_state_yet() {
            assertThat(send(new Add(1), "c1", "value=0").isForbidden()).isTrue();
            assertThat(send(new Add(1), "c2", "times=2").isForbidden()).isTrue();
            assertThat(send(new Add(1), "c3", "times=1").outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(send(new Add(1), "c4", "times=1").isForbidden()).isTrue(); // there is a state now
        }

        @Test
        void tells_nothing_of_what_is_anothers() {
            CommandResult none = send(new Add(1), "c1", "value=7");
            RecordDeciderTest.this.send("a", new Add(2), headers());
            driver.clear();
            RecordDeciderTest.this.send(
                    "a", new Add(1), headers("ce_id", "c2", "annals_only_where", "value=7", "ce_expectedversion", "9"));
            CommandResult some = onlyResult();
            CommandResult reused = send(new Add(3), "c2", "value=7");

            assertThat(some.isForbidden()).isTrue(); // and no conflict of versions
            assertThat(some.message()).isEqualTo(none.message());
            assertThat(some.knownVersion()).isNull();
            assertThat(none.knownVersion()).isNull();
            assertThat(reused.code()).isEqualTo("idempotency-key-reused");
            assertThat(reused.knownVersion()).isNull();
        }

        @Test
        void that_was_rejected_is_rejected_again_under_its_id() {
            RecordDeciderTest.this.send("a", new Add(2), headers());
            driver.clear();
            CommandResult first = send(new Add(1), "c1", "value=1");
            CommandResult again = send(new Add(1), "c1", "value=2");

            assertThat(again).isEqualTo(first.asReplay());
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "value", "value=2&", "=2", "value=2=3", "value=%zz"})
        void with_a_rule_that_can_not_be_read_is_not_decided(String rule) {
            assertThat(send(new Add(1), "c1", rule).outcome()).isEqualTo(Outcome.FAILED);
            assertThat(onlyDeadLetter()).containsEntry("annals_dead_letter_reason", "invalid-header");
        }
    }

    @Nested
    class An_event {

        @Test
        void has_the_key_and_the_headers_of_the_contract() {
            send("a", new Add(1), headers());
            driver.clear();
            send(
                    "a",
                    new Add(1),
                    headers(
                            "ce_id", "c1",
                            "ce_time", "2011-01-04T11:00:00.5+01:00",
                            "ce_correlationid", "corr",
                            "ce_authtype", "app_user",
                            "ce_authid", "ann",
                            "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                            "x_unknown", "not passed on"));

            Record<byte[], byte[]> event = driver.takeOne(EVENTS);
            assertThat(event.key()).asString(UTF_8).isEqualTo("a/0000000000000000002");
            assertThat(text(event.headers()))
                    .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                            Map.entry("content-type", "application/avro"),
                            Map.entry("ce_specversion", "1.0"),
                            Map.entry("ce_id", "counters/a/2"),
                            Map.entry("ce_type", "annals.counters.Added"),
                            Map.entry("ce_source", "/annals/counters"),
                            Map.entry("ce_subject", "a"),
                            Map.entry("ce_time", "2011-01-04T10:00:00.500Z"),
                            Map.entry("ce_sequence", "0000000000000000002"),
                            Map.entry("ce_causationid", "c1"),
                            Map.entry("ce_correlationid", "corr"),
                            Map.entry("ce_authtype", "app_user"),
                            Map.entry("ce_authid", "ann"),
                            Map.entry("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")));
            assertThat(event.timestamp()).isEqualTo(SENT);
        }

        @Test
        void of_a_command_without_headers_has_the_records_time() {
            send("a", new Add(1), headers());

            assertThat(text(driver.takeOne(EVENTS).headers()))
                    .containsEntry("ce_time", Instant.ofEpochMilli(SENT).toString())
                    .doesNotContainKeys(
                            "ce_causationid", "ce_correlationid", "ce_authtype", "ce_authid", "traceparent");
        }

        @Test
        void is_read_by_the_sdk_of_cloud_events() {
            send("a", new Add(1), headers("ce_id", "c1", "ce_time", "2011-01-04T10:00:00.123456Z"));

            Record<byte[], byte[]> record = driver.takeOne(EVENTS);
            CloudEvent event = cloudEvent(record);
            assertThat(event.getId()).isEqualTo("counters/a/1");
            assertThat(event.getSource()).isEqualTo(URI.create("/annals/counters"));
            assertThat(event.getType()).isEqualTo("annals.counters.Added");
            assertThat(event.getSubject()).isEqualTo("a");
            assertThat(event.getTime()).isEqualTo(OffsetDateTime.parse("2011-01-04T10:00:00.123456Z"));
            assertThat(event.getDataContentType()).isEqualTo("application/avro");
            assertThat(event.getExtension("sequence")).isEqualTo("0000000000000000001");
            assertThat(Objects.requireNonNull(event.getData()).toBytes()).isEqualTo(record.value());
        }

        @Test
        void has_a_sequence_that_compares_as_text_as_versions_do_as_numbers() {
            send("a", new Add(11), headers());

            assertThat(driver.take(EVENTS))
                    .extracting(event -> text(event.headers()).get("ce_sequence"))
                    .isSorted()
                    .hasSize(11)
                    .endsWith("0000000000000000010", "0000000000000000011");
        }

        @ParameterizedTest
        @CsvSource(
                nullValues = "none",
                value = {"none, ann, unknown, ann", "system, none, system, none", "none, none, none, none"})
        void says_who_asked_as_far_as_the_command_says_so(
                @Nullable String type, @Nullable String id, @Nullable String saidType, @Nullable String saidId) {
            Headers headers = headers();
            HeaderName.AUTH_TYPE.put(headers, type);
            HeaderName.AUTH_ID.put(headers, id);
            send("a", new Add(1), headers);

            Headers event = driver.takeOne(EVENTS).headers();
            assertThat(HeaderName.AUTH_TYPE.in(event)).isEqualTo(saidType);
            assertThat(HeaderName.AUTH_ID.in(event)).isEqualTo(saidId);
        }

        @Test
        void does_not_say_who_asked_where_writers_of_the_topic_are_not_believed() {
            DecidingConfig config = new DecidingConfig(RETENTION, 100, MAX_BYTES, ActorTrust.CALLERS);
            try (var doubting = new DecidingDriver<>(Counters.BINDING, TOPICS, serdes, config, () -> WALL_CLOCK)) {
                Headers headers = headers("ce_authtype", "app_user", "ce_authid", "ann");
                doubting.send("a".getBytes(UTF_8), bytes(avro(new Add(1))), headers, SENT);
                doubting.send("a".getBytes(UTF_8), null, headers, SENT);
                for (Target each : List.of(EVENTS, DEAD_LETTERS)) {
                    assertThat(text(doubting.takeOne(each).headers())).doesNotContainKeys("ce_authtype", "ce_authid");
                }
                assertThat(doubting.take(RESULTS))
                        .isNotEmpty()
                        .allSatisfy(each ->
                                assertThat(text(each.headers())).doesNotContainKeys("ce_authtype", "ce_authid"));

                var handedOver = new Record<>("a".getBytes(UTF_8), bytes(avro(new Add(1))), SENT, headers);
                Decided unused = doubting.decide(new Asked(handedOver, null, "r1", false));
                assertThat(text(doubting.takeOne(EVENTS).headers()))
                        .containsEntry("ce_authtype", "app_user")
                        .containsEntry("ce_authid", "ann");
            }
        }

        @Test
        void stands_with_the_others_of_its_command_in_order() {
            send("a", new Add(3), headers("ce_id", "c1"));
            send("a", new Add(2), headers("ce_id", "c2"));

            assertThat(driver.take(EVENTS))
                    .extracting(event -> text(event.headers()).get("ce_sequence") + " of "
                            + text(event.headers()).get("ce_causationid"))
                    .containsExactly(
                            "0000000000000000001 of c1",
                            "0000000000000000002 of c1",
                            "0000000000000000003 of c1",
                            "0000000000000000004 of c2",
                            "0000000000000000005 of c2");
        }
    }

    @Nested
    class A_result {

        @Test
        void says_who_asked_whatever_it_is() {
            Headers headers = headers("ce_id", "c1", "ce_authtype", "app_user", "ce_authid", "ann");
            send("a", new Add(1), headers); // accepted
            send("a", new Add(1), headers); // a repeat
            send("a".getBytes(UTF_8), null, headers); // failed

            assertThat(driver.take(RESULTS))
                    .hasSize(3)
                    .allSatisfy(each -> assertThat(text(each.headers()))
                            .containsEntry("ce_authtype", "app_user")
                            .containsEntry("ce_authid", "ann"));
        }

        @Test
        void says_unknown_where_nobody_says_what_kind_of_principal_asked() {
            send("a", new Add(1), headers("ce_id", "c1", "ce_authid", "ann"));

            assertThat(text(driver.takeOne(RESULTS).headers()))
                    .containsEntry("ce_authtype", "unknown")
                    .containsEntry("ce_authid", "ann");
        }

        @Test
        void is_keyed_by_the_aggregate_and_carries_what_the_sender_waits_for() {
            send("a", new Add(1), headers("ce_id", "c1", "ce_correlationid", "corr"));

            Record<byte[], byte[]> record = driver.takeOne(RESULTS);
            assertThat(record.key()).asString(UTF_8).isEqualTo("a");
            assertThat(text(record.headers()))
                    .containsEntry("ce_causationid", "c1")
                    .containsEntry("ce_correlationid", "corr");
            assertThat(result(record).commandId()).isEqualTo("c1");
        }

        @Test
        void is_read_by_the_sdk_of_cloud_events() {
            send("a", new Add(1), headers("ce_id", "c1", "ce_time", "2011-01-04T10:00:00Z"));

            Record<byte[], byte[]> record = driver.takeOne(RESULTS);
            CloudEvent result = cloudEvent(record);
            assertThat(result.getId()).isEqualTo("test.counters.commands-0@0");
            assertThat(result.getSource()).isEqualTo(URI.create("/annals/counters"));
            assertThat(result.getType()).isEqualTo("annals.CommandResult");
            assertThat(result.getSubject()).isEqualTo("a");
            assertThat(result.getTime()).isEqualTo(OffsetDateTime.parse("2011-01-04T10:00:00Z"));
            assertThat(result.getDataContentType()).isEqualTo("application/avro");
            assertThat(result.getExtension("causationid")).isEqualTo("c1");
            assertThat(Objects.requireNonNull(result.getData()).toBytes()).isEqualTo(record.value());
        }

        @Test
        void has_an_id_of_its_own_for_each_command_record_with_an_id_or_without_decided_or_not() {
            send("a", new Add(1), headers("ce_id", "c1"));
            send("a", new Add(1), headers("ce_id", "c1"));
            send("a", new Add(1), headers());
            send("a".getBytes(UTF_8), new byte[] {1}, headers("ce_id", "c2"));

            assertThat(driver.take(RESULTS))
                    .extracting(result -> cloudEvent(result).getId())
                    .containsExactly(
                            "test.counters.commands-0@0",
                            "test.counters.commands-0@1",
                            "test.counters.commands-0@2",
                            "test.counters.commands-0@3");
        }

        @Test
        void of_a_repeat_is_for_the_one_who_repeats() {
            String repeat = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
            send("a", new Add(1), headers("ce_id", "c1"));
            send("a", new Add(1), headers("ce_id", "c1", "traceparent", repeat));

            List<Record<byte[], byte[]>> all = driver.take(RESULTS);
            assertThat(text(all.get(1).headers())).containsEntry("traceparent", repeat);
            assertThat(result(all.get(1))).isEqualTo(result(all.get(0)).asReplay());
            assertThat(driver.take(EVENTS)).hasSize(1);
        }

        @Test
        void is_given_again_also_when_an_older_version_wrote_it() {
            Headers headers = headers("ce_id", "c1", "ce_correlationid", "x");
            send("a", new Add(1), headers);
            storeAsBeforeCorrelationIds("c1");
            send("a", new Add(1), headers);

            CommandResult repeat = result(driver.take(RESULTS).getLast());
            assertThat(repeat.replayed()).isTrue();
            assertThat(repeat.outcome()).isEqualTo(Outcome.ACCEPTED);
            assertThat(repeat.correlationId()).isNull();
        }

        private void storeAsBeforeCorrelationIds(String commandId) {
            byte[] key = StoreKeys.command(commandId, "a");
            DedupEntry entry = DedupEntry.decode(Objects.requireNonNull(driver.memory.get(key)));
            Schema older = without("correlationId", CommandResult.SCHEMA);
            GenericRecord record = new GenericData.Record(older);
            GenericRecord result = (GenericRecord) deserializer.deserialize("test.counters.results", entry.result());
            older.getFields().forEach(field -> record.put(field.name(), result.get(field.name())));
            byte[] asOlder = serializer.serialize("test.counters.results", record);
            driver.memory.put(
                    key, new DedupEntry(entry.fingerprint(), entry.arrived(), entry.decided(), asOlder).encode());
        }

        private static Schema without(String field, Schema schema) {
            return Schema.createRecord(
                    schema.getName(),
                    schema.getDoc(),
                    schema.getNamespace(),
                    false,
                    schema.getFields().stream()
                            .filter(each -> !each.name().equals(field))
                            .map(each -> new Schema.Field(each, each.schema()))
                            .toList());
        }

        @Test
        void is_found_by_the_commands_id_on_every_aggregate() {
            send("a", new Add(1), headers("ce_id", "c1"));
            send("b", new Add(-1), headers("ce_id", "c1"));
            send("c", new Add(1), headers("ce_id", "c11"));

            assertThat(stored("c1"))
                    .extracting(CommandResult::aggregateId, CommandResult::outcome)
                    .containsExactly(tuple("a", Outcome.ACCEPTED), tuple("b", Outcome.REJECTED));
            assertThat(stored("c")).isEmpty();
        }

        @Test
        void of_a_late_command_is_remembered_for_the_whole_retention() {
            send("a", new Add(1), headers());
            driver.clear();
            long longAgo = SENT - Duration.ofDays(2).toMillis();
            sendAt(longAgo, "a", new Add(1), "late");
            sendAt(longAgo, "a", new Add(1), "late");
            sendAt(SENT + RETENTION.toMillis(), "a", new Add(1), "late");

            assertThat(driver.take(RESULTS))
                    .extracting(record -> result(record).replayed())
                    .containsExactly(false, true, true);
        }

        @Test
        void is_kept_with_when_it_came_and_when_it_was_decided_also_one_that_failed() {
            send("b", new Add(1), headers());
            sendAt(SENT - 1, "a", new Add(1), "c1");
            sendAt(SENT - 1, "a", new Misbehave(Bug.DECIDE_THROWS), "c2");

            assertThat(driver.memory.ids.values())
                    .map(DedupEntry::decode)
                    .extracting(DedupEntry::arrived, DedupEntry::decided)
                    .containsExactly(tuple(SENT, WALL_CLOCK), tuple(SENT, WALL_CLOCK));
        }

        @Test
        void is_what_the_host_is_told() {
            byte[][] values = {bytes(avro(new Add(1))), bytes(avro(new Add(1))), bytes(avro(new Add(2))), {1}};
            for (byte[] value : values) {
                Decided decided = driver.decide(asked("a", value, headers("ce_id", "c1"), false));
                assertThat(decided.result()).isEqualTo(onlyResult());
            }
        }
    }

    private static Asked asked(String id, byte[] value, Headers headers, boolean misrouted) {
        return new Asked(new Record<>(id.getBytes(UTF_8), value, SENT, headers), null, "direct-1", misrouted);
    }

    @Nested
    class A_decision {

        @Test
        void changes_nothing_before_its_commit() {
            Decided decided =
                    driver.decider.decide(asked("a", bytes(avro(new Add(2))), headers("ce_id", "c1"), false), SENT);
            assertThat(driver.memory.states).isEmpty();
            assertThat(driver.memory.ids).isEmpty();

            decided.commit().run();
            assertThat(driver.memory.get("a").version()).isEqualTo(2);
            assertThat(stored("c1")).containsExactly(Objects.requireNonNull(decided.result()));
        }

        @Test
        void that_fails_changes_nothing_before_its_commit_either() {
            Decided decided = driver.decider.decide(asked("a", new byte[] {1}, headers("ce_id", "c1"), false), SENT);
            assertThat(driver.memory.ids).isEmpty();

            decided.commit().run();
            assertThat(stored("c1")).containsExactly(Objects.requireNonNull(decided.result()));
        }

        @Test
        void has_the_events_before_the_result_and_the_dead_letter_too() {
            assertThat(driver.decide(asked("a", bytes(avro(new Add(2))), headers(), false))
                            .outputs())
                    .extracting(Output::target)
                    .containsExactly(EVENTS, EVENTS, RESULTS);
            assertThat(driver.decide(asked("a", new byte[] {1}, headers("ce_id", "c1"), false))
                            .outputs())
                    .extracting(Output::target)
                    .containsExactly(DEAD_LETTERS, RESULTS);
        }

        @Test
        void of_a_command_that_came_through_no_topic_has_no_place() {
            Decided unused = driver.decide(asked("a", new byte[] {1}, headers("ce_id", "c1"), false));

            assertThat(onlyDeadLetter())
                    .containsEntry("annals_dead_letter_reason", "unreadable")
                    .doesNotContainKeys(
                            "annals_dead_letter_topic", "annals_dead_letter_partition", "annals_dead_letter_offset");
            assertThat(cloudEvent(driver.takeOne(RESULTS)).getId()).isEqualTo("direct-1");
        }
    }

    /** In a partition that its aggregate is not in. */
    @Nested
    class A_misrouted_command {

        @Test
        void goes_on_as_it_came_and_nobody_is_told() {
            Asked asked = asked("a", new byte[] {1}, headers("ce_id", "c1", "x_mine", "kept"), true);
            Decided decided = driver.decide(asked);

            assertThat(decided.outputs()).containsExactly(new Output(COMMANDS, asked.record()));
            assertThat(decided.result()).isNull();
            assertThat(driver.memory.states).isEmpty();
            assertThat(driver.memory.ids).isEmpty();
        }

        @Test
        void that_is_too_large_to_be_written_again_fails_and_says_nothing_of_its_aggregate() {
            Decided before = driver.decide(asked("a", bytes(avro(new Add(1))), headers("ce_id", "c1"), false));
            assertThat(Objects.requireNonNull(before.result()).version()).isEqualTo(1);
            driver.clear();
            Decided decided = driver.decide(asked("a", new byte[MAX_BYTES], headers("ce_id", "c2"), true));

            CommandResult failed = onlyResult();
            assertThat(failed).isEqualTo(decided.result());
            assertThat(failed.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(failed.code()).isEqualTo("too-large");
            assertThat(failed.version()).isEqualTo(CommandResult.UNKNOWN_VERSION);
            assertThat(onlyDeadLetter()).containsEntry("annals_dead_letter_reason", "too-large");
            assertThat(driver.take(COMMANDS)).isEmpty();
            assertThat(stored("c2")).isEmpty();
        }
    }

    @Nested
    class An_unreadable_command {

        @Test
        void is_kept_as_received_with_the_reason_and_the_place() {
            byte[] value = {1, 2, 3, 4, 5, 6};
            send("a".getBytes(UTF_8), value, headers("ce_id", "c1", "x_mine", "kept"));

            Record<byte[], byte[]> letter = driver.takeOne(DEAD_LETTERS);
            assertThat(letter.key()).asString(UTF_8).isEqualTo("a");
            assertThat(letter.value()).isEqualTo(value);
            assertThat(letter.timestamp()).isEqualTo(SENT);
            assertThat(text(letter.headers()))
                    .containsEntry("ce_id", "c1")
                    .containsEntry("x_mine", "kept")
                    .containsEntry("annals_dead_letter_reason", "unreadable")
                    .containsEntry("annals_dead_letter_topic", "test.counters.commands")
                    .containsEntry("annals_dead_letter_partition", "0")
                    .containsEntry("annals_dead_letter_offset", "0")
                    .doesNotContainKey("annals_dead_letter_left_out")
                    .hasEntrySatisfying(
                            "annals_dead_letter_message",
                            message -> assertThat(message).contains("magic byte"));
            assertThat(driver.take(EVENTS)).isEmpty();
        }

        @Test
        void with_an_id_has_a_failed_result() {
            send("a".getBytes(UTF_8), new byte[] {1}, headers("ce_id", "c1", "ce_type", "annals.counters.Add"));

            CommandResult result = onlyResult();
            assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(result.commandId()).isEqualTo("c1");
            assertThat(result.commandType()).isEqualTo("Add");
            assertThat(result.code()).isEqualTo("unreadable");
            assertThat(result.events()).isEmpty();
        }

        @Test
        void on_an_aggregate_without_a_state_has_a_failed_result_too() {
            send("a", new Add(1), headers());
            driver.memory.spoil("a");
            driver.clear();

            send("a", new Add(1), headers("ce_id", "c1"));

            CommandResult result = onlyResult();
            assertThat(result.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(result.code()).isEqualTo("unwritable-state");
            assertThat(result.version()).isEqualTo(2);
        }

        @Test
        void that_nobody_waits_for_has_none() {
            send("a".getBytes(UTF_8), new byte[] {1}, headers());

            assertThat(driver.take(RESULTS)).isEmpty();
            assertThat(onlyDeadLetter()).containsEntry("annals_dead_letter_reason", "unreadable");
        }

        @Test
        void by_an_unknown_schema_id() {
            byte[] value = ByteBuffer.allocate(6)
                    .put((byte) 0)
                    .putInt(999)
                    .put((byte) 2)
                    .array();
            send("a".getBytes(UTF_8), value, headers());

            assertThat(onlyDeadLetter()).containsEntry("annals_dead_letter_reason", "unreadable");
            assertThatTheNextCommandIsDecided();
        }

        @Test
        void of_an_unknown_record() {
            Schema other = SchemaBuilder.record("Other")
                    .namespace("annals.counters")
                    .fields()
                    .endRecord();
            send("a".getBytes(UTF_8), bytes(new GenericData.Record(other)), headers());

            assertThat(onlyDeadLetter())
                    .containsEntry("annals_dead_letter_reason", "unknown-command")
                    .hasEntrySatisfying(
                            "annals_dead_letter_message",
                            message -> assertThat(message).contains("annals.counters.Other", "annals.counters.Add"));
            assertThatTheNextCommandIsDecided();
        }

        @Test
        void of_an_event_is_unknown_too() {
            Schema added = Counters.BINDING.eventSchemas().stream()
                    .filter(schema -> schema.getName().equals("Added"))
                    .findFirst()
                    .orElseThrow();
            send("a".getBytes(UTF_8), bytes(new GenericData.Record(added)), headers());

            assertThat(onlyDeadLetter()).containsEntry("annals_dead_letter_reason", "unknown-command");
        }

        @Test
        void without_a_key() {
            send(null, bytes(avro(new Add(1))), headers("ce_id", "c1"));

            assertThat(onlyDeadLetter()).containsEntry("annals_dead_letter_reason", "no-key");
            assertThat(driver.take(RESULTS)).isEmpty();
            assertThatTheNextCommandIsDecided();
        }

        @Test
        void without_a_value() {
            send("a".getBytes(UTF_8), null, headers("ce_id", "c1"));

            assertThat(onlyDeadLetter()).containsEntry("annals_dead_letter_reason", "no-value");
            assertThat(onlyResult().outcome()).isEqualTo(Outcome.FAILED);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "a/b", "a b", "ä"})
        void with_an_invalid_id(String id) {
            send(id, new Add(1), headers("ce_id", "c1"));

            assertThat(onlyDeadLetter()).containsEntry("annals_dead_letter_reason", "invalid-id");
            assertThatTheNextCommandIsDecided();
        }

        @Test
        void with_an_id_that_is_no_utf_8() {
            send(new byte[] {(byte) 0xC3, 0x28}, bytes(avro(new Add(1))), headers());

            assertThat(onlyDeadLetter()).containsEntry("annals_dead_letter_reason", "invalid-id");
        }

        @ParameterizedTest
        @CsvSource({
            "ce_expectedversion, one",
            "ce_expectedversion, -1",
            "ce_expectedversion, 99999999999999999999",
            "ce_expectedversion, ''",
            "ce_time, yesterday",
            "ce_time, 2011-01-04",
            "ce_time, -999999999-01-01T00:00:00Z",
            "ce_time, +10000-01-01T00:00:00Z",
            "ce_time, 9999-12-31T23:59:59-05:00",
            "ce_id, ''"
        })
        void with_a_wrong_header_which_is_named(String header, String value) {
            send("a", new Add(1), headers(header, value));

            assertThat(onlyDeadLetter())
                    .containsEntry("annals_dead_letter_reason", "invalid-header")
                    .hasEntrySatisfying(
                            "annals_dead_letter_message",
                            message -> assertThat(message).contains("header " + header));
            assertThatTheNextCommandIsDecided();
        }

        @Test
        void with_a_command_id_that_is_no_utf_8() {
            RecordHeaders headers = new RecordHeaders();
            headers.add("ce_id", new byte[] {(byte) 0xC3, 0x28});
            send("a", new Add(1), headers);

            assertThat(onlyDeadLetter()).containsEntry("annals_dead_letter_reason", "invalid-header");
        }

        @ParameterizedTest
        @EnumSource(
                value = HeaderName.class,
                names = {"CORRELATION_ID", "AUTH_TYPE", "AUTH_ID", "TRACE_PARENT"})
        void with_a_header_too_long_to_be_passed_on(HeaderName name) {
            send("a", new Add(1), headers("ce_id", "c1", name.key(), "x".repeat(1_001)));

            assertThat(onlyDeadLetter()).containsEntry("annals_dead_letter_reason", "invalid-header");
            assertThat(onlyResult().outcome()).isEqualTo(Outcome.FAILED);
        }

        @Test
        void too_large_to_be_written_again_keeps_its_place() {
            send("a", new Add(1), headers("ce_expectedversion", "x".repeat(MAX_BYTES), "ce_id", "c1"));

            Record<byte[], byte[]> letter = driver.takeOne(DEAD_LETTERS);
            assertThat(letter.value()).isNull();
            assertThat(text(letter.headers()))
                    .containsEntry("annals_dead_letter_reason", "invalid-header")
                    .containsEntry("annals_dead_letter_offset", "0")
                    .hasEntrySatisfying(
                            "annals_dead_letter_left_out",
                            bytes -> assertThat(Long.parseLong(bytes)).isGreaterThan(MAX_BYTES));
            assertThat(onlyResult().outcome()).isEqualTo(Outcome.FAILED);
            assertThatTheNextCommandIsDecided();
        }
    }

    @Test
    void headers_without_a_value_are_as_none() {
        RecordHeaders headers = new RecordHeaders();
        for (HeaderName name : HeaderName.values()) {
            headers.add(name.key(), null);
        }
        send("a", new Add(1), headers);

        assertThat(onlyResult().outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Test
    void ids_of_the_greatest_length_are_taken() {
        send("x".repeat(200), new Add(1), headers("ce_id", "🌱".repeat(128)));
        assertThat(onlyResult().outcome()).isEqualTo(Outcome.ACCEPTED);

        send("x".repeat(201), new Add(1), headers());
        send("a", new Add(1), headers("ce_id", "🌱".repeat(129)));
        assertThat(driver.take(DEAD_LETTERS))
                .extracting(letter -> text(letter.headers()).get("annals_dead_letter_reason"))
                .containsExactly("invalid-id", "invalid-header");
    }

    @Test
    void a_command_of_an_older_or_newer_writer_is_read() {
        Schema newer = SchemaBuilder.record("Add")
                .namespace("annals.counters")
                .fields()
                .optionalString("why")
                .requiredInt("times")
                .endRecord();
        GenericRecord record = new GenericData.Record(newer);
        record.put("why", "because");
        record.put("times", 3);
        send("a".getBytes(UTF_8), bytes(record), headers());

        assertThat(onlyResult().version()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource(Bug.class)
    void a_bug_in_the_domain_fails_one_command_only(Bug bug) {
        send("a", new Add(3), headers());
        driver.clear();
        send("a", new Misbehave(bug), headers("ce_id", "c1"));

        assertThat(onlyResult().outcome()).isEqualTo(Outcome.FAILED);
        assertThat(onlyDeadLetter()).containsEntry("ce_id", "c1").containsKey("annals_dead_letter_message");
        assertThat(driver.take(EVENTS)).isEmpty();
        send("a", new Add(1), headers("ce_id", "c1", "ce_expectedversion", "3"));
        assertThat(onlyResult().outcome()).isEqualTo(Outcome.ACCEPTED);
    }

    @Nested
    class A_command_that_failed {

        @Test
        void says_which_version_the_aggregate_has() {
            send("a", new Add(3), headers());
            driver.clear();
            send("a", new Misbehave(Bug.DECIDE_THROWS), headers("ce_id", "bug"));
            assertThat(onlyResult().version()).isEqualTo(3);

            send("a".getBytes(UTF_8), new byte[] {1}, headers("ce_id", "unreadable"));
            assertThat(onlyResult().version()).isEqualTo(3);
        }

        @Test
        void is_found_by_its_id() {
            send("a", new Add(3), headers());
            send("a", new Misbehave(Bug.EVOLVE_THROWS), headers("ce_id", "c1"));

            assertThat(stored("c1")).singleElement().satisfies(stored -> {
                assertThat(stored.outcome()).isEqualTo(Outcome.FAILED);
                assertThat(stored.code()).isEqualTo("handler-failed");
                assertThat(stored.version()).isEqualTo(3);
            });
        }

        @Test
        void is_found_with_what_it_came_to_when_it_is_sent_again() {
            send("a", new Misbehave(Bug.DECIDE_THROWS), headers("ce_id", "c1"));
            send("a", new Add(2), headers("ce_id", "c1"));
            send("a", new Add(2), headers("ce_id", "c1"));

            assertThat(driver.take(RESULTS))
                    .extracting(
                            result -> result(result).outcome(),
                            result -> result(result).replayed())
                    .containsExactly(
                            tuple(Outcome.FAILED, false),
                            tuple(Outcome.ACCEPTED, false),
                            tuple(Outcome.ACCEPTED, true));
            assertThat(stored("c1")).extracting(CommandResult::outcome).containsExactly(Outcome.ACCEPTED);
        }

        @Test
        void does_not_take_the_place_of_what_its_id_was_decided_as_before() {
            send("a", new Add(2), headers("ce_id", "c1"));
            send("a".getBytes(UTF_8), new byte[] {1}, headers("ce_id", "c1"));
            send("a", new Add(2), headers("ce_id", "c1"));

            assertThat(driver.take(RESULTS))
                    .extracting(
                            result -> result(result).outcome(),
                            result -> result(result).replayed())
                    .containsExactly(
                            tuple(Outcome.ACCEPTED, false),
                            tuple(Outcome.FAILED, false),
                            tuple(Outcome.ACCEPTED, true));
            assertThat(stored("c1")).extracting(CommandResult::outcome).containsExactly(Outcome.ACCEPTED);
        }
    }

    @Nested
    class The_log {

        private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
        private final Logger logger = (Logger) LoggerFactory.getLogger("dev.annals.engine.deciding");

        @BeforeEach
        void listen() {
            lines.start();
            logger.addAppender(lines);
        }

        @AfterEach
        void stop_listening() {
            logger.detachAppender(lines);
        }

        @Test
        void has_the_stack_of_a_bug_once_however_many_commands_meet_it() {
            for (int i = 0; i < 20; i++) {
                send("a", new Misbehave(Bug.DECIDE_THROWS), headers("ce_id", "c" + i));
            }
            send("b", new Misbehave(Bug.EVOLVE_THROWS), headers());

            assertThat(lines.list)
                    .extracting(line -> line.getThrowableProxy().getMessage().substring(0, 14))
                    .containsExactly("a bug in decid", "a bug in evolv");
            assertThat(lines.list
                            .getFirst()
                            .getThrowableProxy()
                            .getStackTraceElementProxyArray()[0]
                            .toString())
                    .contains("Counters$Rules.misbehave");
            assertThat(lines.list.getFirst().getKeyValuePairs())
                    .extracting(pair -> pair.key + "=" + pair.value)
                    .containsExactly("type=counters", "id=a", "command=c0", "place=test.counters.commands-0@0");
        }

        @Test
        void has_nothing_of_what_senders_do_wrong() {
            send("a".getBytes(UTF_8), new byte[] {1}, headers("ce_id", "c1"));

            assertThat(lines.list).isEmpty();
        }
    }
}
