package dev.annals.engine.rebuilding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class LogReaderTest {

    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final ListPartitionLog log = new ListPartitionLog(records);

    @Test
    void records_come_in_order_from_the_asked_offset_on_to_the_end() {
        write(5, 6, 8, 9);
        try (LogReader reader = LogReader.from(() -> log, 6)) {
            assertThat(offsets(reader)).containsExactly(6L, 8L, 9L);
            assertThat(reader.isAtEnd()).isTrue();
            assertThat(reader.next()).isEqualTo(10);
            assertThat(reader.progress()).isEqualTo(new Rebuild.Progress(5, 5));
        }
        assertThat(log.closed).isTrue();
    }

    @Test
    void what_is_gone_is_passed_over() {
        write(5, 6);
        assertThat(offsets(LogReader.from(() -> log, 2))).containsExactly(5L, 6L);
    }

    @Test
    void a_record_stays_the_next_one_until_it_is_taken() {
        write(5, 6);
        LogReader reader = LogReader.from(() -> log, 0);
        assertThat(reader.peek()).isSameAs(reader.peek());
        assertThat(reader.next()).isEqualTo(5);
        reader.take();
        assertThat(reader.next()).isEqualTo(6);
    }

    @Test
    void what_is_not_committed_yet_is_waited_for() {
        write(5, 6, 7);
        log.committed = 6;
        LogReader reader = LogReader.from(() -> log, 0);
        assertThat(offsets(reader)).containsExactly(5L);
        assertThat(reader.isAtEnd()).isFalse();

        log.committed = Long.MAX_VALUE;
        assertThat(offsets(reader)).containsExactly(6L, 7L);
        assertThat(reader.isAtEnd()).isTrue();
    }

    @Test
    void what_is_written_later_is_left_alone() {
        write(5);
        LogReader reader = LogReader.from(() -> log, 0);
        write(6, 7);
        assertThat(offsets(reader)).containsExactly(5L);
        assertThat(reader.isAtEnd()).isTrue();
        assertThat(reader.next()).isEqualTo(6);
    }

    @Test
    void aborted_records_at_the_end_are_passed_over() {
        write(5, 9);
        LogReader reader = LogReader.from(() -> log, 0);
        records.removeLast();
        log.beyond = 10;
        assertThat(offsets(reader)).containsExactly(5L);
        assertThat(reader.isAtEnd()).isTrue();
    }

    @Test
    void a_log_can_be_read_since_a_time() {
        write(5, 6, 7);
        assertThat(offsets(LogReader.since(() -> log, 60))).containsExactly(6L, 7L);
        LogReader none = LogReader.since(() -> log, 71);
        assertThat(none.peek()).isNull();
        assertThat(none.isAtEnd()).isTrue();
    }

    @Test
    void an_empty_log_is_at_its_end() {
        LogReader reader = LogReader.from(() -> log, 7);
        assertThat(reader.peek()).isNull();
        assertThat(reader.isAtEnd()).isTrue();
    }

    @Test
    void a_log_that_cannot_be_opened_is_closed() {
        write(5);
        PartitionLog silent = new ListPartitionLog(records) {
            @Override
            public long firstSince(long time) {
                throw new TimeoutException("no broker");
            }

            @Override
            public void close() {
                log.close();
            }
        };
        assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> LogReader.since(() -> silent, 0));
        assertThat(log.closed).isTrue();
    }

    private static List<Long> offsets(LogReader reader) {
        List<Long> offsets = new ArrayList<>();
        while (reader.peek() != null) {
            offsets.add(Objects.requireNonNull(reader.peek()).offset());
            reader.take();
        }
        return offsets;
    }

    /** Each at ten times its offset. */
    private void write(long... offsets) {
        for (long offset : offsets) {
            records.add(new ConsumerRecord<>(
                    "counters.events",
                    0,
                    offset,
                    10 * offset,
                    TimestampType.CREATE_TIME,
                    0,
                    0,
                    new byte[0],
                    new byte[0],
                    new RecordHeaders(),
                    Optional.empty()));
        }
    }
}
