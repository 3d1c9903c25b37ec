package dev.annals.engine.deciding;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.annals.engine.deciding.Counters.Bug;
import dev.annals.engine.deciding.Counters.Misbehaved;
import dev.annals.engine.deciding.StateCodec.Versioned;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.rebuilding.Rebuild.StoppedException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventFoldTest {

    @ParameterizedTest
    @CsvSource({"EVOLVE_THROWS, a bug in evolve", "EVOLVE_ASSERTS, a count that can't be"})
    void a_bug_of_the_domain_stops_it_with_the_place(Bug bug, String what) {
        Deserializer<Object> event = (topic, bytes) -> Counters.BINDING.toAvro(new Misbehaved(bug, null, null));
        EventFold<Counters.Count, Counters.Event> fold = new EventFold<>(Counters.BINDING, event);
        EventKey key = new EventKey("a", 1);

        assertThatExceptionOfType(StoppedException.class)
                .isThrownBy(() -> fold.fold(
                        new Versioned<>(0, new Counters.Count(0, null, null)),
                        key,
                        new ConsumerRecord<>("counters.events", 2, 17, key.toBytes(), new byte[] {1})))
                .withMessageContainingAll("counters.events partition 2 offset 17", ".evolve threw ", what);
    }
}
