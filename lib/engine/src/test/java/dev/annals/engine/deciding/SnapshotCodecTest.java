package dev.annals.engine.deciding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.engine.deciding.Counters.Command;
import dev.annals.engine.deciding.Counters.Count;
import dev.annals.engine.deciding.Counters.Event;
import dev.annals.engine.deciding.SnapshotCodec.Snapshot;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotCodecTest {

    private static final Count STATE = new Count(7, new BigDecimal("1.2500"), "seven");

    private final SnapshotCodec<Count> codec = SnapshotCodec.of(Counters.TYPE);

    @ParameterizedTest
    @ValueSource(strings = {"2026-11-23T10:00:00.123456789Z", "1889-01-01T00:00:00Z"})
    void a_snapshot_is_read_as_it_was_written(Instant latest) {
        Snapshot<Count> snapshot = new Snapshot<>(12, latest, STATE);

        assertThat(codec.decode(codec.encode(snapshot))).isEqualTo(snapshot);
    }

    @Test
    void it_may_be_of_events_without_a_time() {
        Snapshot<Count> snapshot = new Snapshot<>(12, Instant.MIN, STATE);

        assertThat(codec.decode(codec.encode(snapshot))).isEqualTo(snapshot);
    }

    @Test
    void what_another_version_of_the_decider_has_folded_is_none() {
        byte[] old = codec.encode(new Snapshot<>(12, Instant.EPOCH, STATE));

        assertThat(SnapshotCodec.of(AggregateType.named("counters", new Second())
                                .commands(Command.class)
                                .events(Event.class)
                                .state(Count.class)
                                .createdBy(Counters.Add.class)
                                .build())
                        .decode(old))
                .isNull();
    }

    @Test
    void what_is_damaged_is_none() {
        byte[] whole = codec.encode(new Snapshot<>(12, Instant.EPOCH, STATE));

        for (int length = 0; length < whole.length; length++) {
            assertThat(codec.decode(Arrays.copyOf(whole, length))).isNull();
        }
    }

    /** The rules of the counters, raised. */
    private static final class Second implements Decider<Command, Count, Event> {

        private final Decider<Command, Count, Event> first = Counters.TYPE.decider();

        @Override
        public int version() {
            return 2;
        }

        @Override
        public Count initial() {
            return first.initial();
        }

        @Override
        public Decision<Event> decide(Command command, Count state) {
            return first.decide(command, state);
        }

        @Override
        public Count evolve(Count state, Event event) {
            return first.evolve(state, event);
        }
    }
}
