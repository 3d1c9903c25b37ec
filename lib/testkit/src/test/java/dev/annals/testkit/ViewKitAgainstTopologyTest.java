package dev.annals.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.GroupedView;
import dev.annals.api.RecordedEvent;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.GenerationFolds;
import dev.annals.engine.projecting.Skips;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.testkit.Tallies.Counted;
import dev.annals.testkit.Tallies.Emptied;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a test with the kit says of a view is what the projector makes of it, also where the view minds the order of its
 * calls.
 */
class ViewKitAgainstTopologyTest {

    private static final AggregateBinding<?, ?, Tallies.Event> BINDING = AggregateBinding.of(Tallies.TYPE);
    private static final Topics TOPICS = new Topics("");
    private static final AvroSerdes SERDES = new AvroSerdes(
            "dev.annals.serde.RegistryAvroSerializer",
            "dev.annals.serde.RegistryAvroDeserializer",
            Map.of(
                    "schema.registry.url", "mock://view-kit",
                    "value.subject.name.strategy", "TopicRecordNameStrategy"));

    record Pieces(String label, int pieces) {}

    /** @param changes how often a tally came in since the row began */
    record LabelChanges(int tallies, int pieces, int changes) {}

    /** Its row remembers for as long as there is one: it minds whether it is begun anew when its only part changes. */
    static final class ByLabel implements GroupedView<Tallies.Event, Pieces, LabelChanges> {

        @Override
        public String name() {
            return "by-label";
        }

        @Override
        public Class<LabelChanges> row() {
            return LabelChanges.class;
        }

        @Override
        public Class<Pieces> part() {
            return Pieces.class;
        }

        @Override
        public Pieces apply(Pieces part, RecordedEvent<Tallies.Event> event) {
            return switch (event.event()) {
                case Counted counted ->
                    new Pieces(counted.label(), (part == null ? 0 : part.pieces()) + counted.pieces());
                case Emptied emptied -> null;
            };
        }

        @Override
        public String group(Pieces part) {
            return part.label();
        }

        @Override
        public LabelChanges add(LabelChanges row, Pieces part) {
            return row == null
                    ? new LabelChanges(1, part.pieces(), 1)
                    : new LabelChanges(row.tallies() + 1, row.pieces() + part.pieces(), row.changes() + 1);
        }

        @Override
        public LabelChanges subtract(LabelChanges row, Pieces part) {
            return row.tallies() == 1
                    ? null
                    : new LabelChanges(row.tallies() - 1, row.pieces() - part.pieces(), row.changes());
        }
    }

    private record Happened(String tally, Tallies.Event event) {}

    private static final List<Happened> EVENTS = List.of(
            new Happened("a", counted(1, "red")),
            new Happened("a", counted(2, "red")),
            new Happened("b", counted(3, "blue")),
            new Happened("a", counted(4, "red")),
            new Happened("b", counted(5, "red")),
            new Happened("a", new Emptied()),
            new Happened("c", counted(6, "blue")),
            new Happened("c", new Emptied()),
            new Happened("c", counted(7, "blue")));

    private static Counted counted(int pieces, String label) {
        return new Counted(pieces, label, Counted.of(0).price(), Instant.EPOCH);
    }

    private @TempDir Path stateDir;

    @Test
    void a_view_that_minds_the_order_comes_to_the_same_in_the_kit_and_in_the_projector() {
        ViewKit<Tallies.Event, LabelChanges> kit = ViewKit.of(new ByLabel());
        EVENTS.forEach(each -> kit.given(each.tally(), each.event()));

        assertThat(kit.rows())
                .isEqualTo(projected())
                .isEqualTo(Map.of("red", new LabelChanges(1, 8, 4), "blue", new LabelChanges(1, 7, 1)));
    }

    private Map<String, LabelChanges> projected() {
        Map<String, LabelChanges> rows = new HashMap<>();
        Map<String, Long> versions = new HashMap<>();
        try (TopologyTestDriver driver = driver();
                var serializer = SERDES.newSerializer();
                var deserializer = SERDES.newDeserializer()) {
            var events =
                    driver.createInputTopic("tallies.events", new ByteArraySerializer(), new ByteArraySerializer());
            for (Happened each : EVENTS) {
                byte[] key = new EventKey(each.tally(), versions.merge(each.tally(), 1L, Long::sum)).toBytes();
                events.pipeInput(new TestRecord<>(key, serializer.serialize("any", BINDING.toAvro(each.event()))));
            }
            driver.createOutputTopic("by-label.view.1", new StringDeserializer(), new ByteArrayDeserializer())
                    .readKeyValuesToList()
                    .forEach(row -> {
                        if (row.value == null) {
                            rows.remove(row.key);
                        } else {
                            rows.put(row.key, row((GenericRecord) deserializer.deserialize("any", row.value)));
                        }
                    });
        }
        return rows;
    }

    private static LabelChanges row(GenericRecord avro) {
        return new LabelChanges((int) avro.get("tallies"), (int) avro.get("pieces"), (int) avro.get("changes"));
    }

    private TopologyTestDriver driver() {
        ByLabel view = new ByLabel();
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, "by-label");
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        Generation live = new Generation(
                ViewId.first(view),
                ViewTopology.code(Tallies.TYPE, view),
                Generation.Status.LIVE,
                Map.of(),
                Instant.EPOCH);
        return new TopologyTestDriver(
                ViewTopology.of(GenerationFolds.of(view, live, BINDING, List.of(BINDING), TOPICS, SERDES, Skips.NONE)),
                config);
    }
}
