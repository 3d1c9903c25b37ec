package dev.annals.engine.reacting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.reacting.InstanceKeys.TimerKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;

class InstanceKeysTest {

    @Test
    void timers_stand_in_the_order_of_their_times() {
        List<Instant> times = List.of(
                Instant.parse("1969-12-31T23:59:59.999999Z"),
                Instant.EPOCH,
                Instant.parse("2026-12-01T10:00:00Z"),
                Instant.parse("2026-12-01T10:00:00.000001Z"));
        for (int i = 1; i < times.size(); i++) {
            byte[] before = InstanceKeys.timer(times.get(i - 1), "z", "z");
            byte[] after = InstanceKeys.timer(times.get(i), "a", "a");
            assertThat(Arrays.compareUnsigned(before, after)).isNegative();
            assertThat(Arrays.compareUnsigned(before, InstanceKeys.afterTimers(times.get(i - 1))))
                    .isNegative();
            assertThat(Arrays.compareUnsigned(after, InstanceKeys.afterTimers(times.get(i - 1))))
                    .isPositive();
        }
    }

    @Test
    void a_timer_is_read_as_it_is_written() {
        TimerKey timer = new TimerKey(Instant.parse("2026-12-01T10:00:00.000001Z"), "a~1", "paid, or not");

        assertThat(InstanceKeys.timer(InstanceKeys.timer(timer.due(), timer.instance(), timer.timer())))
                .isEqualTo(timer);
    }

    /** The journal of one instance holds nothing of another whose id begins alike. */
    @Test
    void ranges_of_instances_do_not_meet() {
        byte[] other = InstanceKeys.journal("a-1", 1);

        assertThat(Arrays.compareUnsigned(other, InstanceKeys.afterJournal("a")))
                .isPositive();
        assertThat(Arrays.compareUnsigned(InstanceKeys.journal("a", Long.MAX_VALUE), InstanceKeys.afterJournal("a")))
                .isNegative();
        assertThat(InstanceKeys.number(InstanceKeys.journal("a", 17))).isEqualTo(17);
    }

    @Test
    void what_waits_is_the_record_that_came() {
        RecordHeaders headers = new RecordHeaders();
        headers.add("ce_id", new byte[] {1, 2});
        headers.add("empty", null);
        Record<byte[], byte[]> record = new Record<>(new byte[] {7}, null, 5, headers);

        Record<byte[], byte[]> read = StoredArrivals.decode(StoredArrivals.encode(record));

        assertThat(read.key()).containsExactly(7);
        assertThat(read.value()).isNull();
        assertThat(read.timestamp()).isEqualTo(5);
        assertThat(read.headers()).isEqualTo(headers);
    }
}
