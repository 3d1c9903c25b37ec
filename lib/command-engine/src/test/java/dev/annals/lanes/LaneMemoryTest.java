package dev.annals.lanes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.deciding.DedupEntry;
import dev.annals.engine.deciding.PayloadFingerprint;
import dev.annals.engine.deciding.StateCodec;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.deciding.StoreKeys;
import dev.annals.lanes.Tills.Till;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LaneMemoryTest {

    private static final TopicPartition EVENTS = new TopicPartition("tills.events", 0);
    private static final byte[] ID = StoreKeys.command("c1", "a");

    private final StateCodec<Till> codec =
            new StateCodec<>(Tills.BINDING.type().state(), Tills.BINDING.type().decider());
    private final Positions positions = Positions.none(Set.of(EVENTS));

    @TempDir
    private Path folder;

    private LaneStore store;
    private LaneMemory<Till> memory;

    @BeforeEach
    void open() {
        store = LaneStore.open(folder, options -> {});
        memory = new LaneMemory<>(store, codec);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void change(long version) {
        memory.change("a", new Versioned<>(version, new Till(10 * version))).run();
    }

    private static byte[] entry() {
        return new DedupEntry(PayloadFingerprint.NONE, 1, 2, "result".getBytes(UTF_8)).encode();
    }

    private void write() {
        memory.checkpoint(positions).write();
        memory.written();
    }

    @Test
    void a_transaction_sees_what_it_changes_and_an_abort_takes_back_no_more_than_that() {
        change(1);
        memory.commit(5);
        change(2);
        memory.put(ID, entry());
        assertThat(memory.get("a").version()).isEqualTo(2);
        assertThat(memory.get(ID)).isNotNull();

        memory.rollback();

        assertThat(memory.get("a")).isEqualTo(new Versioned<>(1, new Till(10)));
        assertThat(memory.get(ID)).isNull();
        assertThat(memory.get("b").version()).isZero();
    }

    @Test
    void what_is_not_committed_never_comes_to_disk() {
        change(1);
        memory.commit(5);
        change(2);
        positions.advance(EVENTS, 7);
        write();
        memory.rollback();

        LaneMemory<Till> again = new LaneMemory<>(store, codec);

        assertThat(again.get("a").version()).isEqualTo(1);
        assertThat(store.positions().next()).isEqualTo(Map.of(EVENTS, 7L));
    }

    @Test
    void what_is_on_its_way_to_disk_is_seen_and_what_came_since_goes_before() {
        change(1);
        memory.commit(5);
        LaneMemory<Till>.Checkpoint checkpoint = memory.checkpoint(positions);
        assertThat(memory.get("a").version()).isEqualTo(1);
        change(2);
        memory.commit(6);
        checkpoint.write();
        memory.written();

        assertThat(memory.get("a").version()).isEqualTo(2);
        write();
        assertThat(new LaneMemory<>(store, codec).get("a").version()).isEqualTo(2);
    }

    @Test
    void what_could_not_be_written_is_written_again_under_what_came_since() {
        change(1);
        memory.put(ID, entry());
        memory.commit(5);
        LaneMemory<Till>.Checkpoint unused = memory.checkpoint(positions);
        change(2);
        memory.commit(6);

        memory.notWritten();
        write();

        LaneMemory<Till> again = new LaneMemory<>(store, codec);
        assertThat(again.get("a").version()).isEqualTo(2);
        assertThat(again.get(ID)).isNotNull();
    }

    /** States from the log come without their bytes: the thread that writes a checkpoint encodes them. */
    @Test
    void a_checkpoint_of_states_from_the_log_is_written_while_commands_are_decided() {
        int states = 20_000;
        for (int i = 0; i < states; i++) {
            memory.take("log-" + i, new Versioned<>(1, new Till(i)));
        }
        LaneMemory<Till>.Checkpoint checkpoint = memory.checkpoint(positions);

        CompletableFuture<Void> writing = CompletableFuture.runAsync(checkpoint::write);
        int decided = 0;
        do {
            memory.change("decided-" + decided, new Versioned<>(1, new Till(-decided)))
                    .run();
            decided++;
        } while (!writing.isDone());
        writing.join();
        memory.written();
        memory.commit(5);
        write();

        LaneMemory<Till> again = new LaneMemory<>(store, codec);
        for (int i = 0; i < states; i++) {
            assertThat(again.get("log-" + i)).isEqualTo(new Versioned<>(1, new Till(i)));
        }
        for (int i = 0; i < decided; i++) {
            assertThat(again.get("decided-" + i)).isEqualTo(new Versioned<>(1, new Till(-i)));
        }
    }

    @Test
    void the_retention_of_an_id_begins_when_the_brokers_say_that_it_was_committed() {
        memory.put(ID, entry());
        memory.commit(12_345);

        assertThat(DedupEntry.arrival(memory.get(ID))).isEqualTo(12_345);
    }

    @Test
    void expired_ids_are_swept_and_others_stay() {
        for (int i = 0; i < 10; i++) {
            memory.put(StoreKeys.command("c" + i, "a"), entry());
            memory.commit(i);
        }
        write();
        for (int round = 0; round < 5; round++) {
            store.sweep(5, 3);
        }

        for (int i = 0; i < 10; i++) {
            assertThat(store.get(StoreKeys.command("c" + i, "a")) != null)
                    .as("c" + i)
                    .isEqualTo(i >= 5);
        }
    }

    @Test
    void states_of_other_code_are_forgotten_and_ids_and_versions_are_not() {
        change(1);
        memory.put(ID, entry());
        memory.commit(5);
        positions.advance(EVENTS, 7);
        write();
        store.haveStates(77, Map.of());

        store.beginStates(Set.of(EVENTS), StateCodec::known);

        assertThat(store.identity()).isNull();
        assertThat(store.positions().next()).isEqualTo(Map.of(EVENTS, 0L));
        assertThat(store.known(null, 10)).isEqualTo(Map.of("a", 1L));
        assertThat(store.known("a", 10)).isEmpty();
        assertThat(store.changed(null, 10)).isEmpty();
        LaneMemory<Till> again = new LaneMemory<>(store, codec);
        assertThat(again.get("a").version()).isZero();
        assertThat(again.get(ID)).isNotNull();
    }

    @Test
    void the_store_outlives_the_process_as_far_as_it_was_flushed() {
        change(1);
        memory.commit(5);
        write();
        store.flush();
        store.close();
        open();

        assertThat(memory.get("a").version()).isEqualTo(1);
    }
}
