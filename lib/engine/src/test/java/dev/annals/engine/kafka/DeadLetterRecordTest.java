package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.streams.processor.api.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeadLetterRecordTest {

    private static final int MAX_BYTES = 900_000;
    private static final RecordPlace PLACE = new RecordPlace("tills.commands", 2, 17);

    static Stream<Record<byte[], byte[]>> records() {
        return Stream.of(
                new Record<>(null, null, 0),
                new Record<>(new byte[3], null, 0),
                new Record<>(new byte[300], new byte[70_000], Long.MAX_VALUE),
                new Record<>(new byte[1], new byte[1], 0, headers(200, "a name with umlauts: äöü €")),
                new Record<>(null, new byte[100], 0, headers(70_000, "k")));
    }

    private static Headers headers(int count, String key) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < count; i++) {
            headers.add(key, i % 2 == 0 ? new byte[i % 100] : null);
        }
        return headers;
    }

    @ParameterizedTest
    @MethodSource("records")
    void the_size_of_a_record_is_what_its_producer_counts(Record<byte[], byte[]> record) {
        assertThat(DeadLetterRecord.size(record))
                .isEqualTo(AbstractRecords.estimateSizeInBytesUpperBound(
                        RecordBatch.CURRENT_MAGIC_VALUE,
                        CompressionType.NONE,
                        record.key(),
                        record.value(),
                        record.headers().toArray()));
    }

    @Test
    void what_a_sender_says_of_a_dead_letter_does_not_count() {
        RecordHeaders headers = new RecordHeaders();
        HeaderName.DEAD_LETTER_LAST_OFFSET.put(headers, "9999999");
        HeaderName.DEAD_LETTER_LEFT_OUT.put(headers, "1");
        headers.add("x_mine", new byte[0]);

        Record<byte[], byte[]> letter = DeadLetterRecord.of(
                new Record<>(new byte[1], new byte[1], 0, headers), PLACE, "unreadable", "bad", MAX_BYTES);

        assertThat(letter.headers())
                .extracting(Header::key)
                .containsExactlyInAnyOrder(
                        "x_mine",
                        "annals_dead_letter_reason",
                        "annals_dead_letter_message",
                        "annals_dead_letter_topic",
                        "annals_dead_letter_partition",
                        "annals_dead_letter_offset");
    }

    @Test
    void a_record_of_many_small_headers_is_left_out() {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < 400_000; i++) {
            headers.add("k", new byte[0]);
        }
        Record<byte[], byte[]> letter = DeadLetterRecord.of(
                new Record<>(new byte[1], new byte[1], 0, headers), PLACE, "unreadable", "bad", MAX_BYTES);

        assertThat(letter.value()).isNull();
        assertThat(HeaderName.DEAD_LETTER_LEFT_OUT.in(letter.headers())).isNotNull();
        assertThat(DeadLetterRecord.size(letter)).isLessThan(1_000);
    }
}
