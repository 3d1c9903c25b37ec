package dev.annals.engine.deciding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.engine.avro.BindingException;
import dev.annals.engine.deciding.StateTopic.Entry;
import dev.annals.engine.deciding.StateTopic.Reader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateTopicTest {

    private static final int MAX_RECORD_BYTES = 1_000;

    private final Reader reader = new Reader();

    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    private List<Reader.Said> read(List<Entry> entries) {
        List<Reader.Said> said = new ArrayList<>();
        for (Entry each : entries) {
            assertThat(each.key().length + each.value().length).isLessThanOrEqualTo(MAX_RECORD_BYTES);
            Reader.Said next = reader.take(each.key(), each.value());
            if (next != null) {
                said.add(next);
            }
        }
        return said;
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 790, 799, 800, 5_000, 100_000})
    void a_state_of_any_size_is_read_as_it_was(int size) {
        byte[] state = bytes(size);

        List<Reader.Said> said = read(StateTopic.state("order-1", state, MAX_RECORD_BYTES));

        assertThat(said).singleElement().isInstanceOfSatisfying(Reader.State.class, one -> {
            assertThat(one.aggregateId()).isEqualTo("order-1");
            assertThat(one.state()).isEqualTo(state);
        });
    }

    @Test
    void pieces_that_compaction_has_left_of_a_longer_one_are_passed_over() {
        List<Entry> before = StateTopic.state("a", bytes(5_000), MAX_RECORD_BYTES);
        List<Entry> after = StateTopic.state("a", bytes(1_000), MAX_RECORD_BYTES);
        List<Entry> compacted = new ArrayList<>(before.subList(after.size(), before.size()));
        compacted.addAll(StateTopic.state("b", bytes(10), MAX_RECORD_BYTES));
        compacted.addAll(after);

        assertThat(read(compacted))
                .extracting(each -> ((Reader.State) each).aggregateId())
                .containsExactly("b", "a");
    }

    @Test
    void a_state_that_is_cut_off_is_none() {
        List<Entry> cut = StateTopic.state("a", bytes(5_000), MAX_RECORD_BYTES);

        assertThat(read(cut.subList(0, cut.size() - 1))).isEmpty();
        assertThat(read(StateTopic.state("b", bytes(10), MAX_RECORD_BYTES))).hasSize(1);
    }

    @Test
    void a_position_is_read_as_it_was_and_what_is_deleted_says_nothing() {
        assertThat(read(List.of(StateTopic.position(1L << 40)))).containsExactly(new Reader.Position(1L << 40));
        assertThat(reader.take("a".getBytes(StandardCharsets.UTF_8), null)).isNull();
    }

    @Test
    void what_is_none_of_a_state_is_refused() {
        byte[] key = "a".getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> reader.take(key, new byte[] {1})).isInstanceOf(BindingException.class);
    }
}
