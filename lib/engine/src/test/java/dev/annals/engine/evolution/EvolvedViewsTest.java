package dev.annals.engine.evolution;

import static dev.annals.engine.evolution.OldEvents.cartLookedAt;
import static dev.annals.engine.evolution.OldEvents.itemAdded;
import static dev.annals.engine.evolution.OldEvents.itemSwapped;
import static dev.annals.engine.evolution.OldEvents.nameChanged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.evolution.Carts.Event;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.GenerationFolds;
import dev.annals.engine.projecting.Skips;
import dev.annals.engine.projecting.ViewFailedException;
import dev.annals.engine.projecting.ViewTopology;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.ViewId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Views over streams that several releases have written. */
class EvolvedViewsTest {

    private static final Topics TOPICS = new Topics("");

    private final StoredBytes bytes = new StoredBytes("mock://evolved-views");
    private @TempDir Path stateDir;
    private TopologyTestDriver driver;
    private TestInputTopic<byte[], byte[]> events;
    private TestOutputTopic<String, byte[]> rows;

    private void start(View<Event, ?> view, AggregateBinding<?, ?, Event> release) {
        Properties config = new Properties();
        config.put(StreamsConfig.APPLICATION_ID_CONFIG, ViewTopology.applicationId(ViewId.first(view)));
        config.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:1");
        config.put(StreamsConfig.STATE_DIR_CONFIG, stateDir.toString());
        Generation first = new Generation(
                ViewId.first(view),
                ViewTopology.code(release.type(), view),
                Generation.Status.LIVE,
                Map.of(),
                Instant.EPOCH);
        driver = new TopologyTestDriver(
                ViewTopology.of(
                        GenerationFolds.of(view, first, release, List.of(release), TOPICS, bytes.serdes(), Skips.NONE)),
                config);
        events = driver.createInputTopic("carts.events", new ByteArraySerializer(), new ByteArraySerializer());
        rows = driver.createOutputTopic(
                TOPICS.view(view.name(), 1), new StringDeserializer(), new ByteArrayDeserializer());
    }

    private void pipe(String id, long version, GenericRecord written) {
        events.pipeInput(new EventKey(id, version).toBytes(), bytes.of(written));
    }

    /** As "key=version,fields". */
    private List<String> written() {
        return rows.readKeyValuesToList().stream().map(this::text).toList();
    }

    private String text(KeyValue<String, byte[]> row) {
        IndexedRecord avro = bytes.read(row.value);
        StringBuilder text = new StringBuilder(row.key).append('=').append(avro.get(1));
        for (int i = 2; i < avro.getSchema().getFields().size(); i++) {
            text.append(',').append(avro.get(i));
        }
        return text.toString();
    }

    @AfterEach
    void stop() {
        driver.close();
        bytes.close();
    }

    @Test
    void a_row_is_folded_over_three_releases() {
        start(new Carts.Rows(), Carts.BINDING);
        for (int i = 0; i < EvolutionTest.STREAM.size(); i++) {
            pipe("1", i + 1L, EvolutionTest.STREAM.get(i));
        }

        assertThat(written())
                .containsExactly(
                        "1=1,null,2,added LANTERN",
                        "1=2,null,5,added HEART",
                        "1=3,party,5,added HEART",
                        "1=4,party,5,added GLASS",
                        "1=5,party,5,added GLASS",
                        "1=6,party,9,added GLASS",
                        "1=7,party,9,added GLASS",
                        "1=8,party,10,added TEA");
    }

    @Test
    void a_sum_changes_once_for_all_parts_of_an_event_and_not_for_a_retired_one() {
        start(new Carts.PiecesByLabel(), Carts.BINDING);
        pipe("1", 1, nameChanged("party"));
        pipe("1", 2, itemAdded("LANTERN", 2));
        pipe("1", 3, cartLookedAt("ann"));
        pipe("1", 4, itemSwapped("LANTERN", "GLASS"));
        pipe("1", 5, itemAdded("GLASS", 1));

        assertThat(written()).containsExactly("party=1,party,0", "party=2,party,2", "party=3,party,3");
    }

    @Test
    void a_stream_may_begin_with_a_retired_event() {
        start(new Carts.Rows(), Carts.BINDING);
        pipe("1", 1, cartLookedAt("ann"));
        pipe("1", 2, itemAdded("LANTERN", 2));

        assertThat(written()).containsExactly("1=2,null,2,added LANTERN");
    }

    @Test
    void an_older_release_stops_at_an_event_that_it_does_not_know_until_a_newer_one_takes_over() {
        start(new Carts.Rows(), AggregateBinding.of(Carts.type()));
        pipe("1", 1, itemAdded("LANTERN", 2));
        assertThat(written()).hasSize(1);

        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThatThrownBy(() -> pipe("1", 2, itemSwapped("LANTERN", "GLASS")))
                    .as("attempt %d", attempt)
                    .satisfies(failure -> assertThat(ViewFailedException.in(failure))
                            .hasMessageContaining(
                                    "annals.carts.ItemSwapped is no event of carts that this release knows")
                            .hasMessageContaining("written by a newer one? known are [annals.carts.AddressesGiven, "));
        }
        assertThat(written()).isEmpty();
        driver.close();

        start(new Carts.Rows(), Carts.BINDING);
        pipe("1", 1, itemAdded("LANTERN", 2));
        pipe("1", 2, itemSwapped("LANTERN", "GLASS"));
        assertThat(written().getLast()).isEqualTo("1=2,null,2,added GLASS");
    }
}
