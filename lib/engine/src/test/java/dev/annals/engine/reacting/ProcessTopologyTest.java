package dev.annals.engine.reacting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.ProcessManager;
import dev.annals.api.View;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Instruction;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.reacting.Shipments.Noted;
import dev.annals.engine.reacting.Shipments.ParcelEvent;
import dev.annals.engine.reacting.Shipments.Posted;
import dev.annals.engine.reacting.Shipments.Recalled;
import dev.annals.engine.rebuilding.ListPartitionLog;
import dev.annals.engine.rebuilding.Rebuilds;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What instances are told and do; races, transactions and partitions are tested on a broker. */
class ProcessTopologyTest {

    private static final Topics TOPICS = new Topics("test.");
    private static final Instant BEGIN = Instant.parse("2026-03-01T12:00:00Z");
    private static final ReactingConfig CONFIG = new ReactingConfig(5_000, 10, 3, 5);

    private final AvroSerdes serdes = new AvroSerdes(
            "dev.annals.serde.RegistryAvroSerializer",
            "dev.annals.serde.RegistryAvroDeserializer",
            Map.of(
                    "schema.registry.url",
                    "mock://process-topology-" + UUID.randomUUID(),
                    "value.subject.name.strategy",
                    "TopicRecordNameStrategy"));

    private final List<ConsumerRecord<byte[], byte[]>> log = new ArrayList<>();

    private final ParkedInstances parked = new ParkedInstances();
    private @TempDir Path stateDir;
    private TopologyTestDriver driver;

    @BeforeEach
    void start() {
        driver = driver(new Shipments());
    }

    private TopologyTestDriver driver(Shipments shipments) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "test.annals-process-shipments");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        config.put(StreamsConfig.ENSURE_EXPLICIT_INTERNAL_RESOURCE_NAMING_CONFIG, true);
        return new TopologyTestDriver(
                ProcessTopology.of(
                        binding(shipments),
                        TOPICS,
                        1,
                        BEGIN,
                        serdes,
                        CONFIG,
                        parked,
                        new Rebuilds(),
                        (streams, partition) -> new ListPartitionLog(log),
                        InstantSource.fixed(BEGIN)),
                config,
                BEGIN);
    }

    private static ProcessBinding<?> binding(Shipments shipments) {
        return ProcessBinding.of(
                        new Domain() {
                            @Override
                            public AggregateType<?, ?, ?> aggregate() {
                                return Shipments.PARCELS.type();
                            }

                            @Override
                            public List<View<?, ?>> views() {
                                return List.of();
                            }

                            @Override
                            public List<ProcessManager<?>> processes() {
                                return List.of(shipments);
                            }
                        },
                        List.of(Shipments.PARCELS, Shipments.DEPOTS))
                .getFirst();
    }

    /** Other code on the same store. */
    private void upgrade(Shipments next) {
        List<byte[]> keys = new ArrayList<>();
        List<byte[]> values = new ArrayList<>();
        try (var all = store().all()) {
            all.forEachRemaining(each -> {
                keys.add(each.key);
                values.add(each.value);
            });
        }
        driver.close();
        driver = driver(next);
        for (int i = 0; i < keys.size(); i++) {
            store().put(keys.get(i), values.get(i));
        }
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    private void happened(String id, long version, ParcelEvent event, String... headers) {
        happened(BEGIN, id, version, event, headers);
    }

    private void happened(Instant time, String id, long version, ParcelEvent event, String... headers) {
        try (var serializer = serdes.newSerializer()) {
            pipe(
                    "test.parcels.events",
                    new EventKey(id, version).toBytes(),
                    serializer.serialize("test.parcels.events", Shipments.PARCELS.toAvro(event)),
                    headers(headers),
                    time);
        }
    }

    private void answered(String commandId, CommandResult.Outcome outcome, String code) {
        answered(commandId, outcome, code, 5);
    }

    private void answered(String commandId, CommandResult.Outcome outcome, String code, long offset) {
        CommandResult result = new CommandResult(
                commandId, "Store", "depots", "d1", outcome, 7, List.of(), code, "why", false, BEGIN, null);
        try (var serializer = serdes.newSerializer()) {
            pipe(
                    "test.depots.results",
                    "d1".getBytes(UTF_8),
                    serializer.serialize(
                            "test.depots.results", CommandResult.binding().toAvro(result)),
                    headers("ce_causationid", commandId, "ce_id", "test.depots.commands-0@" + offset),
                    BEGIN);
        }
    }

    private void operator(String id, String word) {
        pipe(
                ProcessTopology.inputs(TOPICS, "shipments"),
                id.getBytes(UTF_8),
                null,
                headers(HeaderName.INPUT.key(), word),
                BEGIN);
    }

    private void pipe(String topic, byte[] key, byte[] value, Headers headers, Instant time) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, headers, time));
    }

    private static Headers headers(String... keysAndValues) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            headers.add(keysAndValues[i], keysAndValues[i + 1].getBytes(UTF_8));
        }
        return headers;
    }

    private List<TestRecord<byte[], byte[]>> read(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList();
    }

    private List<GenericRecord> values(String topic) {
        List<GenericRecord> values = new ArrayList<>();
        try (var deserializer = serdes.newDeserializer()) {
            for (TestRecord<byte[], byte[]> record : read(topic)) {
                values.add((GenericRecord) deserializer.deserialize(topic, record.value()));
            }
        }
        return values;
    }

    private List<String> commands() {
        return values("test.depots.commands").stream()
                .map(each -> each.getSchema().getName() + each)
                .toList();
    }

    private List<GenericRecord> journal() {
        return values("test.shipments.journal");
    }

    private KeyValueStore<byte[], byte[]> store() {
        return driver.getKeyValueStore(ProcessTopology.STORE);
    }

    private int stored() {
        int count = 0;
        try (var all = store().all()) {
            for (; all.hasNext(); count++) {
                all.next();
            }
        }
        return count;
    }

    @Test
    void an_event_becomes_a_command_and_an_entry_of_the_journal() {
        happened(
                "p1",
                1,
                new Posted("d1", 3),
                "ce_id",
                "parcels/p1/1",
                "ce_correlationid",
                "walk",
                "traceparent",
                "00-1-2-03");

        TestRecord<byte[], byte[]> command = read("test.depots.commands").getFirst();
        assertThat(command.key()).isEqualTo("d1".getBytes(UTF_8));
        assertThat(HeaderName.ID.in(command.headers())).isEqualTo("shipments/p1/1");
        assertThat(HeaderName.TYPE.in(command.headers())).isEqualTo("annals.depots.Store");
        assertThat(HeaderName.TIME.in(command.headers())).isEqualTo(BEGIN.toString());
        assertThat(HeaderName.CORRELATION_ID.in(command.headers())).isEqualTo("walk");
        assertThat(HeaderName.TRACE_PARENT.in(command.headers())).isEqualTo("00-1-2-03");
        assertThat(HeaderName.HOPS.in(command.headers())).isEqualTo("1");
        assertThat(HeaderName.AUTH_ID.in(command.headers())).isEqualTo("/annals/processes/shipments");

        TestRecord<byte[], byte[]> entry = read("test.shipments.journal").getFirst();
        assertThat(entry.key()).isEqualTo(new EventKey("p1", 1).toBytes());
        assertThat(HeaderName.TYPE.in(entry.headers())).isEqualTo("annals.processes.shipments.JournalEntry");
        assertThat(HeaderName.ID.in(entry.headers())).isEqualTo("shipments/p1/1");
        assertThat(HeaderName.CAUSATION_ID.in(entry.headers())).isEqualTo("parcels/p1/1");
        assertThat(HeaderName.INPUT.in(entry.headers())).isNull();
    }

    @Test
    void a_journal_entry_holds_the_event_and_the_effects_as_they_are_in_their_topics() {
        happened("p1", 1, new Posted("d1", 3));

        GenericRecord entry = journal().getFirst();
        assertThat(entry.get("input"))
                .hasToString(
                        "{\"type\": \"parcels\", \"aggregateId\": \"p1\", \"version\": 1, \"time\": %d, \"events\": [{\"depot\": \"d1\", \"pieces\": 3}]}"
                                .formatted(Journal.micros(BEGIN)));
        assertThat(entry.get("effects"))
                .hasToString(
                        "[{\"number\": 1, \"type\": \"depots\", \"aggregateId\": \"d1\", \"expectedVersion\": null, \"command\": {\"parcel\": \"p1\", \"pieces\": 3}}, {\"timer\": \"lost\", \"time\": %d}]"
                                .formatted(Journal.micros(BEGIN.plus(Shipments.PATIENCE))));
    }

    @Test
    void an_event_that_comes_again_changes_nothing() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 1, new Posted("d1", 3));
        answered("shipments/p1/1", CommandResult.Outcome.ACCEPTED, null);
        answered("shipments/p1/1", CommandResult.Outcome.ACCEPTED, null);

        assertThat(commands()).hasSize(1);
        assertThat(journal()).hasSize(2);
    }

    @Test
    void what_matters_to_no_instance_leaves_no_trace() {
        happened("p1", 1, new Noted("fragile"));
        happened("private-1", 1, new Posted("d1", 3));

        assertThat(commands()).isEmpty();
        assertThat(journal()).isEmpty();
        assertThat(stored()).isZero();
    }

    @Test
    void an_answer_comes_back_with_the_command() {
        happened("p1", 1, new Posted("d1", 3));
        answered("shipments/p1/1", CommandResult.Outcome.REJECTED, "full");
        answered("others/p1/1", CommandResult.Outcome.REJECTED, "full");
        answered("shipments/p1/17", CommandResult.Outcome.REJECTED, "full");

        assertThat(journal()).last().satisfies(entry -> {
            assertThat(entry.get("input").toString()).contains("\"outcome\": \"REJECTED\"", "\"code\": \"full\"");
            assertThat(entry.get("effects")).hasToString("[{\"timer\": \"lost\"}]");
        });
        driver.advanceWallClockTime(Shipments.PATIENCE.multipliedBy(2));
        assertThat(commands()).hasSize(1);
    }

    /** An operator may send it again, and it is the same command still. */
    @Test
    void a_command_that_failed_is_answered_again_when_it_is_sent_again() {
        happened("p1", 1, new Posted("d1", 3));
        answered("shipments/p1/1", CommandResult.Outcome.FAILED, "handler-failed", 5);
        answered("shipments/p1/1", CommandResult.Outcome.FAILED, "handler-failed", 5);
        answered("shipments/p1/1", CommandResult.Outcome.FAILED, "handler-failed", 6);
        answered("shipments/p1/1", CommandResult.Outcome.FAILED, "handler-failed", 5);
        answered("shipments/p1/1", CommandResult.Outcome.ACCEPTED, null, 7);
        answered("shipments/p1/1", CommandResult.Outcome.ACCEPTED, null, 8);

        assertThat(journal().stream().skip(1))
                .extracting(each -> ((GenericRecord) each.get("input")).get("offset"))
                .containsExactly(5L, 6L, 7L);
    }

    @Test
    void a_timer_runs_out_once_and_never_early() {
        happened("p1", 1, new Posted("d1", 3));
        driver.advanceWallClockTime(Shipments.PATIENCE.minusMillis(1));
        assertThat(commands()).hasSize(1);

        driver.advanceWallClockTime(Duration.ofMillis(1));
        driver.advanceWallClockTime(Duration.ofSeconds(1));

        assertThat(commands()).containsExactly("Drop{\"parcel\": \"lost\"}");
        driver.advanceWallClockTime(Shipments.PATIENCE);
        assertThat(commands()).isEmpty();
    }

    @Test
    void an_instance_that_has_ended_leaves_its_numbers_and_is_told_nothing_more() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Recalled("changed my mind"));
        answered("shipments/p1/2", CommandResult.Outcome.ACCEPTED, null);
        int entries = journal().size();

        assertThat(entries).isEqualTo(3);
        assertThat(stored()).isEqualTo(1);
        happened("p1", 3, new Recalled("again"));
        driver.advanceWallClockTime(Shipments.PATIENCE);
        answered("shipments/p1/1", CommandResult.Outcome.ACCEPTED, null);
        assertThat(journal()).isEmpty();
        assertThat(stored()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "bug, a bug in react",
        "assertion, react threw java.lang.AssertionError: a shipment that can't be",
        "no depot, aggregate id 'no/depot': expected 1 to 200 characters",
        "unknown command, Post is a command of none of [depots]",
        "no time, an effect can't be written",
        "nothing at all, react threw java.lang.NullPointerException",
        "many, 'returned 20 effects, at most 10 are allowed'"
    })
    void a_process_that_misbehaves_parks_that_instance_alone(String reason, String why) {
        happened("p1", 1, new Posted("d1", 3));
        happened("p2", 1, new Posted("d1", 3));
        commands();

        happened("p1", 2, new Recalled(reason));
        happened("p1", 3, new Noted("waits"));
        happened("p2", 2, new Recalled("fine"));

        assertThat(journal())
                .extracting(each -> each.get("failure"))
                .satisfiesExactly(
                        first -> assertThat(first).isNull(),
                        second -> assertThat(second).isNull(),
                        third -> assertThat(third.toString()).contains(why),
                        fourth -> assertThat(fourth).isNull());
        assertThat(commands()).containsExactly("Drop{\"parcel\": \"p2\"}");
        assertThat(store().get(InstanceKeys.parked("p1"))).isNotNull();
        assertThat(parked.count("shipments")).isEqualTo(1);
    }

    @Test
    void a_parked_instance_tries_again_and_skips_as_it_is_told() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Recalled("bug"));
        happened("p1", 3, new Recalled("fine"));
        journal();

        operator("p1", "retry");
        assertThat(journal()).as("for the same reason").isEmpty();
        operator("p2", "retry");
        operator("p1", "skip it is known: #17");

        assertThat(journal())
                .satisfiesExactly(
                        first -> assertThat(first.get("skipped")).hasToString("it is known: #17"),
                        second -> assertThat(second.get("effects").toString()).contains("\"number\": 2"));
        assertThat(store().get(InstanceKeys.parked("p1"))).isNull();
        assertThat(parked.count("shipments")).isZero();
        operator("p1", "skip nothing is to be skipped");
        assertThat(journal()).isEmpty();
    }

    @Test
    void what_was_passed_over_says_who_wanted_it_when_and_why() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Recalled("bug"));
        happened("p1", 3, new Recalled("fine"));
        journal();
        ProducerRecord<byte[], byte[]> word = OperatorsWord.skip(
                TOPICS,
                "shipments",
                "p1",
                new Instruction(
                        "app_user", "https://login.example|ann", "ticket 17", Instant.parse("2026-12-02T10:00:00Z")));

        pipe(word.topic(), word.key(), null, word.headers(), BEGIN);

        List<Headers> headers = driver
                .createOutputTopic("test.shipments.journal", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                .readRecordsToList()
                .stream()
                .map(TestRecord::headers)
                .toList();
        assertThat(headers).hasSize(2);
        assertThat(Stream.of(HeaderName.AUTH_TYPE, HeaderName.AUTH_ID, HeaderName.REASON, HeaderName.RECORDED_TIME)
                        .map(name -> name.in(headers.getFirst())))
                .containsExactly("app_user", "https://login.example|ann", "ticket 17", "2026-12-02T10:00:00Z");
        assertThat(HeaderName.TIME.in(headers.getFirst())).isNotEqualTo("2026-12-02T10:00:00Z");
        assertThat(HeaderName.REASON.in(headers.getLast()))
                .as("of what came after it")
                .isNull();
    }

    @Test
    void a_timer_that_runs_out_waits_for_a_parked_instance() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Recalled("bug"));
        driver.advanceWallClockTime(Shipments.PATIENCE);
        assertThat(commands()).hasSize(1);

        operator("p1", "skip a bug");

        assertThat(commands()).containsExactly("Drop{\"parcel\": \"lost\"}");
    }

    @Test
    void what_waits_is_bounded() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Recalled("bug"));
        happened("p1", 3, new Noted("waits"));
        happened("p1", 4, new Noted("waits"));
        happened("p1", 5, new Noted("has no room"));

        TestRecord<byte[], byte[]> letter = read("test.shipments.dead-letters").getFirst();
        assertThat(HeaderName.DEAD_LETTER_REASON.in(letter.headers())).isEqualTo("parked");
    }

    @Test
    void a_chain_of_processes_ends() {
        happened("p1", 1, new Posted("d1", 3), "annals_hops", "4");
        happened("p2", 1, new Posted("d1", 3), "annals_hops", "5");

        assertThat(read("test.depots.commands"))
                .extracting(each -> HeaderName.HOPS.in(each.headers()))
                .containsExactly("5");
        TestRecord<byte[], byte[]> letter = read("test.shipments.dead-letters").getFirst();
        assertThat(letter.key()).isEqualTo(new EventKey("p2", 1).toBytes());
        assertThat(HeaderName.DEAD_LETTER_MESSAGE.in(letter.headers())).contains("5 processes in a row");
        assertThat(HeaderName.DEAD_LETTER_TOPIC.in(letter.headers())).isEqualTo("test.parcels.events");
    }

    @Test
    void events_before_the_process_began_are_not_its_own() {
        happened(BEGIN.minusMillis(1), "p1", 1, new Posted("d1", 3));
        happened(BEGIN, "p2", 1, new Posted("d1", 3));

        assertThat(commands()).containsExactly("Store{\"parcel\": \"p2\", \"pieces\": 3}");
    }

    @Test
    void bytes_that_are_no_event_are_a_dead_letter_and_the_next_one_is_taken() {
        pipe("test.parcels.events", new EventKey("p1", 1).toBytes(), new byte[] {1, 2, 3}, headers(), BEGIN);
        pipe("test.parcels.events", "nonsense".getBytes(UTF_8), new byte[] {1, 2, 3}, headers(), BEGIN);
        happened("p2", 1, new Posted("d1", 3));

        assertThat(read("test.shipments.dead-letters"))
                .extracting(each -> HeaderName.DEAD_LETTER_REASON.in(each.headers()))
                .containsExactly("no-instance", "no-instance");
        assertThat(commands()).hasSize(1);
    }

    @Test
    void what_is_too_large_to_be_written_parks_its_instance() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Recalled("x".repeat(CONFIG.maxRecordBytes())));

        assertThat(journal().getLast().get("failure").toString())
                .matches("JournalEntry has \\d+ bytes, at most 5000 .*");
        assertThat(commands()).hasSize(1);
    }

    @Test
    void a_record_without_a_key_is_a_dead_letter_without_one() {
        pipe("test.parcels.events", null, new byte[] {1, 2, 3}, headers(), BEGIN);

        TestRecord<byte[], byte[]> letter = read("test.shipments.dead-letters").getFirst();
        assertThat(letter.key()).isNull();
        assertThat(letter.value()).containsExactly(1, 2, 3);
        assertThat(HeaderName.INPUT.in(letter.headers())).isNull();
    }

    /** What it is set to anew is the time that has just passed. */
    @Test
    void a_timer_that_is_set_again_when_it_has_run_out_runs_out_again() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Recalled("again"));
        journal();

        driver.advanceWallClockTime(Duration.ofSeconds(1));
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        driver.advanceWallClockTime(Duration.ofSeconds(1));

        assertThat(journal())
                .extracting(each -> ((GenericRecord) each.get("input")).get("timer"))
                .satisfiesExactly(
                        first -> assertThat(first).hasToString("again"),
                        second -> assertThat(second).hasToString("again"));
    }

    /** The next release's code throws at what is in its journal already; the one after that does not. */
    @Test
    void an_instance_whose_journal_can_not_be_folded_any_more_is_parked_alone() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Noted("unfoldable by 2"));
        happened("p2", 1, new Posted("d1", 3));
        commands();
        journal();
        upgrade(new Shipments(2));

        happened("p1", 3, new Recalled("fine"));
        happened("p2", 2, new Recalled("fine"));
        assertThat(commands()).containsExactly("Drop{\"parcel\": \"p2\"}");
        assertThat(journal())
                .first()
                .satisfies(entry -> assertThat(entry.get("failure").toString()).contains("a bug in evolve"));
        operator("p1", "retry");
        operator("p1", "skip it can't be had either");
        assertThat(commands()).isEmpty();
        assertThat(store().get(InstanceKeys.parked("p1"))).isNotNull();

        upgrade(new Shipments(3));
        operator("p1", "retry");
        assertThat(commands()).containsExactly("Drop{\"parcel\": \"p1\"}");
        assertThat(journal())
                .singleElement()
                .satisfies(entry -> assertThat(entry.get("effects").toString()).contains("\"number\": 2"));
        assertThat(store().get(InstanceKeys.parked("p1"))).isNull();
    }

    @Test
    void states_that_other_code_stored_are_folded_anew_and_nothing_is_done_again() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Noted("once"));
        answered("shipments/p1/1", CommandResult.Outcome.ACCEPTED, null);
        Shipments next = new Shipments(2);
        upgrade(next);
        happened("p1", 3, new Noted("twice"));

        Instance<Shipments.Shipment> instance = new InstanceStore<>(store(), journalOf(next), value ->
                        (GenericRecord) serdes.newDeserializer().deserialize("test.shipments.journal", value))
                .get("p1");
        assertThat(instance.state().notes()).isEqualTo(4);
        assertThat(instance.state().outcome()).isEqualTo("Store[parcel=p1, pieces=3] ACCEPTED null");
        assertThat(instance.entries()).isEqualTo(4);
        assertThat(instance.sent()).isEqualTo(1);
        assertThat(commands()).isEmpty();
    }

    /** As after a restore, or when the changelog is lost: the journal is all that there is. */
    private void loseStore(Shipments next) {
        List<TestRecord<byte[], byte[]>> written = read("test.shipments.journal");
        for (TestRecord<byte[], byte[]> each : written) {
            log.add(new ConsumerRecord<>(
                    "test.shipments.journal",
                    0,
                    log.size(),
                    each.timestamp(),
                    TimestampType.CREATE_TIME,
                    -1,
                    -1,
                    each.key(),
                    each.value(),
                    each.headers(),
                    Optional.empty()));
        }
        driver.close();
        driver = driver(next);
    }

    @Test
    void a_store_that_is_lost_is_made_from_the_journal_and_nothing_is_done_again() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Noted("once"));
        answered("shipments/p1/1", CommandResult.Outcome.FAILED, "handler-failed", 500);
        happened("p2", 1, new Posted("d1", 3));
        happened("p2", 2, new Recalled("changed my mind"));
        answered("shipments/p2/2", CommandResult.Outcome.ACCEPTED, null); // which ends it
        happened("p3", 1, new Posted("d1", 3));
        happened("p3", 2, new Recalled("bug"));
        happened("p4", 1, new Posted("d1", 3));
        answered("shipments/p4/1", CommandResult.Outcome.ACCEPTED, null); // which cancels its timer
        commands();
        loseStore(new Shipments());

        happened("p1", 1, new Posted("d1", 3));
        happened("p2", 1, new Posted("d1", 3));
        happened("p4", 1, new Posted("d1", 3));
        answered("shipments/p4/1", CommandResult.Outcome.ACCEPTED, null);
        assertThat(journal()).isEmpty();
        assertThat(commands()).isEmpty();
        assertThat(store().get(InstanceKeys.ended("p2"))).isNotNull();
        assertThat(store().get(InstanceKeys.BUILDING)).isNull();
        assertThat(parked.count("shipments")).isEqualTo(1);

        // It stands in another topic now: where it stood before says nothing.
        answered("shipments/p1/1", CommandResult.Outcome.ACCEPTED, null, 0);
        assertThat(read("test.shipments.journal"))
                .singleElement()
                .satisfies(entry -> assertThat(entry.key()).isEqualTo(new EventKey("p1", 4).toBytes()));
        happened("p3", 2, new Recalled("bug"));
        operator("p3", "skip a bug");
        assertThat(journal())
                .singleElement()
                .satisfies(entry -> assertThat(entry.get("skipped")).hasToString("a bug"));
        driver.advanceWallClockTime(Shipments.PATIENCE);
        driver.advanceWallClockTime(Duration.ofSeconds(1));
        assertThat(commands()).as("of p3").containsExactly("Drop{\"parcel\": \"lost\"}");
    }

    @Test
    void a_store_that_is_half_made_is_made_to_its_end() {
        for (int i = 0; i < 250; i++) {
            happened("p" + i, 1, new Posted("d1", 3));
            happened("p" + i, 2, new Noted("once"));
        }
        commands();
        loseStore(new Shipments());
        int chunks = 0;
        int[] budget = {0};
        JournalRebuild<Shipments.Shipment> rebuild;
        do {
            rebuild = rebuild(); // each time by another one, which knows nothing but the store
            budget[0] = 70;
            rebuild.step(() -> --budget[0] > 0);
            rebuild.close();
            chunks++;
            assertThat(chunks).as("it comes to an end").isLessThan(100);
        } while (!rebuild.isDone());

        assertThat(chunks).isGreaterThan(8);
        happened("p249", 2, new Noted("once"));
        assertThat(journal()).isEmpty();
        driver.advanceWallClockTime(Shipments.PATIENCE);
        for (int i = 0; i < 100; i++) {
            driver.advanceWallClockTime(Duration.ofSeconds(1));
        }
        assertThat(commands()).hasSize(250);
    }

    private JournalRebuild<Shipments.Shipment> rebuild() {
        return new JournalRebuild<>(
                new InstanceStore<>(store(), journalOf(new Shipments()), value ->
                        (GenericRecord) serdes.newDeserializer().deserialize("test.shipments.journal", value)),
                () -> new ListPartitionLog(log),
                () -> {});
    }

    @Test
    void an_instance_whose_entries_are_missing_is_parked_and_its_numbers_are_not_used_again() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Noted("once"));
        happened("p1", 3, new Noted("once"));
        happened("p2", 1, new Posted("d1", 3));
        commands();
        loseStore(new Shipments());
        log.remove(1);

        happened("p2", 2, new Recalled("fine"));
        happened("p1", 4, new Recalled("fine"));
        assertThat(commands()).containsExactly("Drop{\"parcel\": \"p2\"}");
        assertThat(store().get(InstanceKeys.parked("p1")))
                .asString(UTF_8)
                .isEqualTo("its state can't be had: entries of its journal are missing or erased, there are 2 of 3");
        operator("p1", "retry");
        assertThat(store().get(InstanceKeys.parked("p1"))).isNotNull();
        Instant lost = BEGIN.plus(Shipments.PATIENCE);
        assertThat(store().get(InstanceKeys.timer(lost, "p1", Shipments.LOST)))
                .as("its timer is set all the same")
                .isNotNull();
    }

    @Test
    void an_erased_event_goes_from_store_and_journal_and_the_state_stays() {
        happened("p1", 1, new Posted("d1", 3));
        operator("p1", "erased 1 parcels " + new EventKey("p1", 1));
        assertThat(read("test.shipments.journal"))
                .as("the answer needs the command")
                .hasSize(1);
        answered("shipments/p1/1", CommandResult.Outcome.ACCEPTED, null);
        commands();
        read("test.shipments.journal");

        operator("p1", "erased 1 parcels " + new EventKey("p1", 1));
        operator("p1", "erased 7 parcels " + new EventKey("p1", 1));
        assertThat(read("test.shipments.journal")).singleElement().satisfies(erased -> {
            assertThat(erased.key()).isEqualTo(new EventKey("p1", 1).toBytes());
            assertThat(erased.value()).isNull();
        });
        assertThat(store().get(InstanceKeys.journal("p1", 1))).isEmpty();
        happened("p1", 2, new Recalled("fine"));
        assertThat(commands()).as("the depot is known still").containsExactly("Drop{\"parcel\": \"p1\"}");

        upgrade(new Shipments(2));
        happened("p1", 3, new Noted("folds it anew"));
        assertThat(store().get(InstanceKeys.parked("p1")))
                .asString(UTF_8)
                .isEqualTo("its state can't be had: entries of its journal are missing or erased, there are 2 of 3");
        assertThat(read("test.shipments.journal"))
                .last()
                .satisfies(entry -> assertThat(entry.key()).isEqualTo(new EventKey("p1", 4).toBytes()));
    }

    @Test
    void an_erased_event_goes_from_what_waits_for_a_parked_instance() {
        happened("p1", 1, new Posted("d1", 3));
        happened("p1", 2, new Recalled("bug"));
        happened("p1", 3, new Recalled("fine"));
        operator("p1", "erased 0 parcels " + new EventKey("p1", 2));
        commands();

        operator("p1", "retry");
        assertThat(commands()).containsExactly("Drop{\"parcel\": \"p1\"}");
        assertThat(store().get(InstanceKeys.parked("p1"))).isNull();
    }

    @Test
    void an_instance_whose_journal_is_erased_has_ended_also_for_a_store_that_is_made_anew() {
        happened("p2", 1, new Posted("d1", 3));
        happened("p2", 2, new Recalled("changed my mind"));
        answered("shipments/p2/2", CommandResult.Outcome.ACCEPTED, null);
        loseStore(new Shipments());
        for (ConsumerRecord<byte[], byte[]> each : List.copyOf(log)) {
            log.add(new ConsumerRecord<>(each.topic(), 0, log.size(), each.key(), null));
        }

        happened("p2", 3, new Posted("d1", 3));
        assertThat(commands()).isEmpty();
        assertThat(store().get(InstanceKeys.ended("p2"))).isNotNull();
    }

    @SuppressWarnings("unchecked")
    private static Journal<Shipments.Shipment> journalOf(Shipments shipments) {
        return new Journal<>((ProcessBinding<Shipments.Shipment>) binding(shipments));
    }
}
