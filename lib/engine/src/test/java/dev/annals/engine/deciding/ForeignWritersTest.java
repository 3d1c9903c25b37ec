package dev.annals.engine.deciding;

import static dev.annals.engine.deciding.RecordDecider.Target.DEAD_LETTERS;
import static dev.annals.engine.deciding.RecordDecider.Target.EVENTS;
import static dev.annals.engine.deciding.RecordDecider.Target.RESULTS;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.ForeignTypes.Case;
import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.GenerationFolds;
import dev.annals.engine.projecting.RowBinding;
import dev.annals.engine.projecting.Skips;
import dev.annals.engine.projecting.ViewFailedException;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.serde.registry.MockSchemaRegistryClient;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a writer's schema calls a field, its value is what the writer meant, or the record is refused with the
 * field's name: in commands, events, results and rows, through the code that runs.
 */
@TestInstance(Lifecycle.PER_CLASS)
class ForeignWritersTest {

    private static final Topics TOPICS = new Topics("");
    private static final String SCOPE = "foreign-writers";

    private final AvroSerdes serdes = new AvroSerdes(
            "dev.annals.serde.RegistryAvroSerializer",
            "dev.annals.serde.RegistryAvroDeserializer",
            Map.of("schema.registry.url", "mock://" + SCOPE, "value.subject.name.strategy", "TopicRecordNameStrategy"));
    private final Serializer<Object> serializer = serdes.newSerializer();
    private final Deserializer<Object> deserializer = serdes.newDeserializer();

    private Path stateDir;
    private DecidingDriver<Ledger.Command, Ledger.Page, Ledger.Event> driver;

    @BeforeAll
    void start(@TempDir Path folder) {
        stateDir = folder;
        // A registry would refuse some pairs; a topic can still have them, written before or past it.
        MockSchemaRegistryClient.forScope(SCOPE).acceptAnything();
    }

    @BeforeEach
    void begin() {
        var config = new DecidingConfig(Duration.ofHours(1), 100, 10_000);
        driver = new DecidingDriver<>(Ledger.BINDING, TOPICS, serdes, config, () -> 0);
    }

    @AfterEach
    void end() {
        driver.close();
    }

    @AfterAll
    void stop() {
        serializer.close();
        deserializer.close();
        MockSchemaRegistryClient.dropScope(SCOPE);
    }

    private Properties config(String application) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, application);
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        return config;
    }

    private static TestOutputTopic<byte[], byte[]> output(TopologyTestDriver driver, String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private static Stream<Case> in(String schema) {
        return ForeignTypes.in(schema.equals("LedgerRow") ? row().schema() : Ledger.BINDING.commandSchema(schema))
                .stream();
    }

    private static RowBinding<Ledger.LedgerRow> row() {
        return RowBinding.of(Ledger.TYPE, new Ledger.Rows());
    }

    private static Schema event() {
        return Ledger.BINDING.eventSchemas().iterator().next();
    }

    static Stream<Case> commands() {
        return in("Book");
    }

    static Stream<Case> events() {
        return ForeignTypes.in(event()).stream();
    }

    static Stream<Case> rows() {
        return in("LedgerRow");
    }

    private static String shown(IndexedRecord record, String field) {
        return AvroToJson.toTree(record).get(field).toString();
    }

    private byte[] written(String topic, GenericRecord record) {
        return serializer.serialize(topic, record);
    }

    private IndexedRecord read(String topic, byte @Nullable [] bytes) {
        return (IndexedRecord) deserializer.deserialize(topic, bytes);
    }

    private void send(String id, byte[] value, Headers headers) {
        driver.send(id.getBytes(UTF_8), value, headers, 0);
    }

    @ParameterizedTest
    @MethodSource
    void commands(Case each) {
        send(
                "a",
                written("ledger.commands", each.record()),
                new RecordHeaders().add("ce_id", each.toString().getBytes(UTF_8)));

        CommandResult result = result();
        if (each.expected() == null) {
            assertThat(driver.take(EVENTS)).isEmpty();
            assertThat(result.outcome()).isEqualTo(CommandResult.Outcome.FAILED);
            assertThat(result.code()).isEqualTo("unreadable");
            assertThat(result.message()).contains("Book." + each.field() + ": expected");
            Headers letter = driver.takeOne(DEAD_LETTERS).headers();
            assertThat(HeaderName.DEAD_LETTER_MESSAGE.in(letter)).isEqualTo(result.message());
        } else {
            assertThat(result.outcome()).isEqualTo(CommandResult.Outcome.ACCEPTED);
            IndexedRecord event = read("ledger.events", driver.takeOne(EVENTS).value());
            assertThat(shown(event, each.field())).isEqualTo(each.expected());
        }
        assertThat(driver.take(DEAD_LETTERS)).isEmpty();
    }

    private CommandResult result() {
        return CommandResult.binding()
                .fromAvro(read("ledger.results", driver.takeOne(RESULTS).value()));
    }

    @ParameterizedTest
    @MethodSource
    void events(Case each) {
        IndexedRecord stored = read("ledger.events", written("ledger.events", each.record()));

        if (each.expected() == null) {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> Ledger.BINDING.events(stored))
                    .withMessageContaining("Booked." + each.field() + ": expected");
            assertThatExceptionOfType(BindingException.class).isThrownBy(() -> Ledger.BINDING.eventRecords(stored));
        } else {
            Ledger.Event today = Ledger.BINDING.events(stored).getFirst();
            assertThat(shown(Ledger.BINDING.toAvro(today), each.field()))
                    .as("for deciders, folds and rebuilds")
                    .isEqualTo(each.expected());
            assertThat(shown(Ledger.BINDING.eventRecords(stored).getFirst(), each.field()))
                    .as("in histories and live events")
                    .isEqualTo(each.expected());
        }
    }

    @ParameterizedTest
    @MethodSource
    void rows(Case each) {
        RowBinding<Ledger.LedgerRow> binding = row();
        IndexedRecord stored = read("ledger.view.1", written("ledger.view.1", each.record()));

        if (each.expected() == null) {
            assertThatExceptionOfType(BindingException.class)
                    .isThrownBy(() -> binding.fromAvro(stored))
                    .withMessageContaining("LedgerRow." + each.field() + ": expected");
        } else {
            assertThat(shown(binding.toAvro("a", 1, binding.fromAvro(stored)), each.field()))
                    .isEqualTo(each.expected());
        }
    }

    /** All that is accepted, and for each field one that isn't: every refusal ends an application. */
    private static List<Case> through_a_view() {
        Set<String> refused = new HashSet<>();
        return ForeignTypes.in(event()).stream()
                .filter(each -> each.expected() != null || refused.add(each.field()))
                .toList();
    }

    /** Through the application that runs: the rows that it writes, and the stop at what it can't read. */
    @Test
    void views() {
        for (Case each : through_a_view()) {
            try (TopologyTestDriver driver = projecting()) {
                TestInputTopic<byte[], byte[]> input =
                        driver.createInputTopic("ledger.events", new ByteArraySerializer(), new ByteArraySerializer());
                byte[] key = new EventKey("a", 1).toBytes();
                byte[] value = written("ledger.events", each.record());
                if (each.expected() == null) {
                    assertThatExceptionOfType(RuntimeException.class)
                            .as(each.toString())
                            .isThrownBy(() -> input.pipeInput(key, value))
                            .satisfies(failure -> assertThat(ViewFailedException.in(failure))
                                    .hasMessageContaining("Booked." + each.field() + ": expected"));
                } else {
                    input.pipeInput(key, value);
                    byte[] row = output(driver, "ledger.view.1").readValue();
                    assertThat(shown(read("ledger.view.1", row), each.field()))
                            .as(each.toString())
                            .isEqualTo(each.expected());
                }
            }
        }
    }

    private TopologyTestDriver projecting() {
        Ledger.Rows view = new Ledger.Rows();
        Generation first = new Generation(
                ViewId.first(view),
                ViewTopology.code(Ledger.TYPE, view),
                Generation.Status.LIVE,
                Map.of(),
                Instant.EPOCH);
        return new TopologyTestDriver(
                ViewTopology.of(GenerationFolds.of(
                        view, first, Ledger.BINDING, List.of(Ledger.BINDING), TOPICS, serdes, Skips.NONE)),
                config(ViewTopology.applicationId(ViewId.first(view))));
    }

    @Test
    void results_with_a_time_in_millis() {
        RecordBinding<CommandResult> binding = CommandResult.binding();
        Schema ours = binding.schema();
        Schema millis = new Schema.Parser().parse(ours.toString().replace("timestamp-micros", "timestamp-millis"));
        assertThat(millis).isNotEqualTo(ours);
        CommandResult result = new CommandResult(
                "c1",
                "Book",
                "ledger",
                "a",
                CommandResult.Outcome.ACCEPTED,
                1,
                List.of(new CommandResult.AppendedEvent("Booked", 1)),
                null,
                null,
                false,
                Instant.ofEpochMilli(1_600_000_000_123L),
                null);
        GenericRecord foreign = new GenericData.Record(millis);
        GenericRecord known = binding.toAvro(result);
        millis.getFields().forEach(field -> foreign.put(field.pos(), known.get(field.pos())));
        foreign.put("time", 1_600_000_000_123L);

        assertThat(binding.fromAvro(read("ledger.results", written("ledger.results", foreign))))
                .isEqualTo(result);
    }

    @Test
    void the_same_bytes_under_another_scale_are_no_repeat() {
        Headers id = new RecordHeaders().add("ce_id", "payday".getBytes(UTF_8));
        GenericRecord ours = scaled("decimal(18,4)");
        GenericRecord cents = scaled("decimal(18,2)");
        ours.put("amount", cents.get("amount"));
        send("b", written("ledger.commands", ours), id);
        assertThat(result().outcome()).isEqualTo(CommandResult.Outcome.ACCEPTED);
        send("b", written("ledger.commands", cents), id);

        CommandResult second = result();
        assertThat(second.code()).isEqualTo("idempotency-key-reused");
    }

    private static GenericRecord scaled(String type) {
        return commands()
                .filter(each -> each.toString().equals(type + " in amount"))
                .findFirst()
                .orElseThrow()
                .record();
    }

    @Test
    void a_reused_id_is_found_whether_the_schema_id_stands_in_the_value_or_in_a_header() {
        byte[] first = written("ledger.commands", scaled("decimal(18,4)"));
        GenericRecord other = scaled("decimal(18,4)");
        other.put("amount", ByteBuffer.wrap(new byte[] {1}));
        byte[] second = written("ledger.commands", other);

        send("c", avroAlone(first), inHeader("rent", first));
        assertThat(result().outcome()).isEqualTo(CommandResult.Outcome.ACCEPTED);
        send("c", avroAlone(second), inHeader("rent", second));
        assertThat(result().code()).isEqualTo("idempotency-key-reused");
        send("c", first, new RecordHeaders().add("ce_id", "rent".getBytes(UTF_8)));
        assertThat(result().replayed())
                .as("the same, with the id before the value")
                .isTrue();
    }

    private static byte[] avroAlone(byte[] value) {
        return Arrays.copyOfRange(value, 5, value.length);
    }

    private static Headers inHeader(String commandId, byte[] value) {
        return new RecordHeaders()
                .add("ce_id", commandId.getBytes(UTF_8))
                .add("__value_schema_id", Arrays.copyOf(value, 5));
    }
}
