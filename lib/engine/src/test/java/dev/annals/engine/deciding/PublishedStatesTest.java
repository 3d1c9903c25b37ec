package dev.annals.engine.deciding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.deciding.Counters.Count;
import dev.annals.engine.deciding.PublishedStates.PublishedState;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.deciding.StateTopic.Entry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PublishedStatesTest {

    private final PublishedStates present = PublishedStates.of(Counters.TYPE);
    private final byte[] state = new StateCodec<>(Counters.TYPE.state(), Counters.TYPE.decider())
            .encode(new Versioned<>(3, new Count(6, null, null)));

    private static ConsumerRecord<byte[], byte[]> record(int partition, byte[] key, byte @Nullable [] value) {
        return new ConsumerRecord<>("counters.states", partition, 0, key, value);
    }

    private static ConsumerRecord<byte[], byte[]> record(int partition, Entry entry) {
        return record(partition, entry.key(), entry.value());
    }

    private Entry published() {
        return StateTopic.state("a", state, 1_000).getFirst();
    }

    @Test
    void a_state_is_read_as_the_record_that_it_is() {
        PublishedState read = present.take(record(0, published()));

        assertThat(read).isNotNull();
        assertThat(read.aggregateId()).isEqualTo("a");
        assertThat(read.version()).isEqualTo(3);
        assertThat(read.state()).hasToString("{\"value\": 6, \"exact\": null, \"text\": null}");
    }

    @Test
    void the_pieces_of_a_state_are_those_of_its_partition() {
        PublishedStates pieces = PublishedStates.of(Counters.TYPE);
        var entries = StateTopic.state("a", state, 205);
        assertThat(entries).hasSizeGreaterThan(1);

        for (Entry each : entries.subList(0, entries.size() - 1)) {
            assertThat(pieces.take(record(0, each))).isNull();
            assertThat(pieces.take(record(1, published()))).isNotNull();
        }
        assertThat(pieces.take(record(0, entries.getLast()))).isNotNull();
    }

    @Test
    void of_a_state_that_other_code_has_made_the_version_alone_is_read() {
        assertThat(PublishedStates.of(Ledger.TYPE).take(record(0, published())))
                .isEqualTo(new PublishedState("a", 3, null));
    }

    @Test
    void what_else_stands_there_is_no_state() {
        assertThat(present.take(record(0, StateTopic.position(7)))).isNull();
        assertThat(present.take(record(0, "a".getBytes(UTF_8), null))).isNull();
    }
}
