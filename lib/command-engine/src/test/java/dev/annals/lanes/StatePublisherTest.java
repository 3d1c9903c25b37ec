package dev.annals.lanes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.deciding.StateCodec;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.deciding.StateTopic;
import dev.annals.lanes.Tills.Till;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatePublisherTest {

    private static final TopicPartition EVENTS = new TopicPartition("tills.events", 0);
    private static final int MAX_RECORD_BYTES = 1_000_000;

    private final StateCodec<Till> codec =
            new StateCodec<>(Tills.BINDING.type().state(), Tills.BINDING.type().decider());
    private final Positions positions = Positions.none(Set.of(EVENTS));
    private final StateTopic.Reader reader = new StateTopic.Reader();
    private final Map<String, Long> published = new LinkedHashMap<>();

    @TempDir
    private Path folder;

    private LaneStore store;
    private LaneMemory<Till> memory;
    private StatePublisher publisher;
    private long position = -1;

    @BeforeEach
    void open() {
        store = LaneStore.open(folder, options -> {});
        memory = new LaneMemory<>(store, codec);
        publisher = new StatePublisher(
                store,
                new LaneLayout("tills", 1, 1),
                "tills.states",
                EVENTS.topic(),
                MAX_RECORD_BYTES,
                Duration.ofNanos(1));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void change(String till, long version, long next) {
        memory.change(till, new Versioned<>(version, new Till(version))).run();
        memory.commit(5);
        positions.advance(EVENTS, next);
        write();
    }

    private void write() {
        memory.checkpoint(positions).write();
        memory.written();
    }

    /** What one transaction publishes. */
    private List<ProducerRecord<byte[], byte[]>> publish() {
        List<ProducerRecord<byte[], byte[]>> records = publisher.next();
        read(records);
        memory.published(publisher.committed());
        write();
        return records;
    }

    private void read(List<ProducerRecord<byte[], byte[]>> records) {
        records.forEach(each -> {
            assertThat(each.topic()).isEqualTo("tills.states");
            switch (reader.take(each.key(), each.value())) {
                case StateTopic.Reader.State(String id, byte[] state) -> published.put(id, StateCodec.known(state));
                case StateTopic.Reader.Position(long next) -> position = next;
                case null -> throw new AssertionError("a state in pieces");
            }
        });
    }

    @Test
    void what_has_changed_is_published_once_with_the_position_behind_it() {
        change("a", 1, 1);
        change("b", 1, 2);

        publish();

        assertThat(published).isEqualTo(Map.of("a", 1L, "b", 1L));
        assertThat(position).isEqualTo(2);
        assertThat(publish()).isEmpty();
        change("b", 2, 3);
        published.clear();
        publish();
        assertThat(published).isEqualTo(Map.of("b", 2L));
        assertThat(position).isEqualTo(3);
    }

    @Test
    void what_was_in_an_aborted_transaction_is_published_again() {
        change("a", 1, 1);
        assertThat(publisher.next()).isNotEmpty();
        publisher.aborted();
        assertThat(publisher.committed()).isEmpty();

        publish();

        assertThat(published).isEqualTo(Map.of("a", 1L));
    }

    @Test
    void a_state_that_changes_while_it_is_published_is_published_again() {
        change("a", 1, 1);
        read(publisher.next());
        change("a", 2, 2);
        memory.published(publisher.committed());
        write();
        assertThat(position).isEqualTo(1);

        publish();

        assertThat(published).isEqualTo(Map.of("a", 2L));
        assertThat(position).isEqualTo(2);
    }

    @Test
    void a_pass_takes_several_transactions_and_ends_with_the_position_that_it_began_at() throws Exception {
        for (int i = 0; i < 450; i++) {
            change("till-%03d".formatted(i), 1, i + 1);
        }

        publish();
        assertThat(published).hasSize(200);
        assertThat(position).isEqualTo(-1);
        change("till-000", 2, 451);
        while (position < 0) {
            Thread.sleep(10);
            publish();
        }

        assertThat(published).hasSize(450).containsEntry("till-000", 1L);
        assertThat(position).isEqualTo(450);
        publish();
        assertThat(published).containsEntry("till-000", 2L);
        assertThat(position).isEqualTo(451);
    }
}
