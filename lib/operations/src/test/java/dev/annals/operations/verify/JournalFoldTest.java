package dev.annals.operations.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.Topics;
import dev.annals.operations.kafka.KafkaAccess;
import dev.annals.operations.verify.TypeReport.Finding;
import dev.annals.operations.verify.TypeReport.Finding.Kind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class JournalFoldTest {

    private static final String TOPIC = "closings.journal";
    private static final KafkaAccess KAFKA =
            new KafkaAccess("nowhere:1", "mock://journal-fold", new Topics(""), Map.of());

    private final Deserializer<Object> deserializer = KAFKA.serdes().newDeserializer();
    private final Serializer<Object> serializer = KAFKA.serdes().newSerializer();
    private final JournalDecoder decoder = new JournalDecoder(deserializer);
    private final JournalFold fold = new JournalFold(Closings.BINDING, decoder);
    private final StreamsReading streams = StreamsReading.first(decoder, Duration.ofHours(24), 10);

    @AfterEach
    void close() {
        deserializer.close();
        serializer.close();
    }

    @Test
    void an_instance_is_folded_as_it_is_served() {
        entry("a", 1, Closings.due(), Closings.closes(1));
        entry("a", 2, Closings.answered(1));

        assertThat(folded("a"))
                .isEqualTo(
                        "{\"id\":\"a\",\"reason\":null,\"state\":{\"answers\":1},\"status\":\"RUNNING\",\"timers\":[],"
                                + "\"unanswered\":[],\"version\":2}");
        assertThat(fold.failures()).isEmpty();
        assertThat(streams.report("closings").findings()).isEmpty();
    }

    @Test
    void one_that_has_ended_is_done_with_also_where_its_entries_are_written_again() {
        entry("a", 1, Closings.due(), Closings.end());
        entry("a", 1, Closings.due(), Closings.end());

        assertThat(folded("a")).contains("\"status\":\"ENDED\"");
        assertThat(streams.another()).as("the second reading").isNotNull();
    }

    @Test
    void an_answer_to_a_command_that_was_never_sent_is_found() {
        entry("a", 1, Closings.due(), Closings.closes(1));
        entry("a", 2, Closings.answered(2));
        entry("b", 1, Closings.due());
        fold.end();

        assertThat(fold.failures()).singleElement().satisfies(failure -> {
            assertThat(failure.kind()).isEqualTo(Kind.UNFOLDABLE);
            assertThat(failure.key()).isEqualTo("a");
            assertThat(failure.text()).contains("the command 2 that is answered stands in no entry of the journal");
        });
        assertThat(fold.folded()).containsOnlyKeys("b");
    }

    @Test
    void an_entry_that_is_missing_is_a_gap_and_leaves_nothing_to_compare() {
        entry("a", 1, Closings.due(), Closings.closes(1));
        entry("a", 3, Closings.answered(1));
        fold.end();

        assertThat(fold.failures()).extracting(Finding::kind).containsExactly(Kind.UNFOLDABLE);
        assertThat(streams.report("closings").findings())
                .extracting(Finding::kind)
                .containsExactly(Kind.GAP);
    }

    /** Nobody can fold them, and nobody serves them; new entries of one that runs change nothing about that. */
    @Test
    void instances_of_which_entries_are_erased_are_left_out_and_are_no_finding() {
        entry("a", 1, Closings.due(), Closings.end());
        entry("b", 1, Closings.due(), Closings.closes(1));
        entry("b", 2, Closings.answered(1));
        entry("c", 1, Closings.due());
        take("a", 1, null);
        take("b", 1, null);
        entry("b", 3, Closings.due());
        fold.end();

        assertThat(fold.folded()).containsOnlyKeys("c");
        assertThat(fold.failures()).isEmpty();
    }

    @Test
    void an_input_may_cause_two_entries() {
        entry("a", 1, Closings.due());
        entry("a", 2, Closings.due());

        assertThat(streams.another()).isNull();
    }

    private String folded(String id) {
        fold.end();
        return Objects.requireNonNull(fold.folded().get(id)).text();
    }

    private void entry(String id, long version, GenericRecord input, GenericRecord... effects) {
        take(id, version, serializer.serialize(TOPIC, Closings.entry(input, effects)));
    }

    private void take(String id, long version, byte @Nullable [] value) {
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(TOPIC, 0, 0, new EventKey(id, version).toBytes(), value);
        record.headers().add("ce_causationid", "the same".getBytes(StandardCharsets.UTF_8));
        streams.take(record);
        fold.take(record);
    }
}
