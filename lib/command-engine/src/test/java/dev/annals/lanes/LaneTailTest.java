package dev.annals.lanes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.engine.deciding.ActorTrust;
import dev.annals.engine.deciding.EventFold;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.deciding.StateCodec;
import dev.annals.engine.rebuilding.Rebuild.StoppedException;
import dev.annals.lanes.Positions.LastEvent;
import dev.annals.lanes.Tills.Till;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a lane makes of logs that are not as it left them: it knows of the event at offset 4. */
class LaneTailTest {

    private static final TopicPartition EVENTS = new TopicPartition("tills.events", 0);
    private static final TopicPartition RESULTS = new TopicPartition("tills.results", 0);
    private static final String LAST = "a/0000000000000000005";

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final Positions positions = Positions.none(Set.of(EVENTS, RESULTS));

    @TempDir
    private Path folder;

    private LaneStore store;

    @BeforeEach
    void open() {
        store = LaneStore.open(folder, options -> {});
        positions.advance(EVENTS, new LastEvent(4, LAST.getBytes(UTF_8)));
        consumer.updateBeginningOffsets(Map.of(EVENTS, 0L, RESULTS, 0L));
    }

    @AfterEach
    void close() {
        store.close();
    }

    /** @param end of the log, whose last record has this key */
    private LaneTail<Till> tail(long end, String lastKey) {
        consumer.updateEndOffsets(Map.of(EVENTS, end, RESULTS, 0L));
        consumer.schedulePollTask(() -> consumer.addRecord(
                new ConsumerRecord<>(EVENTS.topic(), EVENTS.partition(), end - 1, lastKey.getBytes(UTF_8), null)));
        Deserializer<Object> none = (topic, data) -> data;
        return new LaneTail<>(
                consumer,
                Set.of(EVENTS, RESULTS),
                "tills",
                EVENTS.topic(),
                RESULTS.topic(),
                new LaneMemory<>(
                        store,
                        new StateCodec<>(
                                Tills.BINDING.type().state(),
                                Tills.BINDING.type().decider())),
                positions,
                new EventFold<>(Tills.BINDING, none),
                new ResultReader(none),
                ActorTrust.UNVERIFIED,
                null);
    }

    @Test
    void a_log_with_the_last_event_in_its_place_goes_on_behind_it() {
        tail(5, LAST).close();

        assertThat(positions.next(EVENTS)).isEqualTo(5);
    }

    @Test
    void a_log_that_ends_before_it_has_lost_its_end() {
        assertThatThrownBy(() -> tail(4, "b/0000000000000000001"))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("the last event that was decided, tills/" + LAST);
    }

    @Test
    void a_log_that_has_grown_again_since_it_lost_its_end_has_another_event_there() {
        assertThatThrownBy(() -> tail(5, "b/0000000000000000001"))
                .isInstanceOf(StoppedException.class)
                .hasMessageContaining("the last event that was decided, tills/" + LAST);
    }

    @Test
    void an_event_that_was_erased_is_found_in_its_tombstone() {
        tail(9, LAST).close();

        assertThat(positions.next(EVENTS)).isEqualTo(5);
    }
}
