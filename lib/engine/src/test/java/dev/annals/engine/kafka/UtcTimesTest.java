package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UtcTimesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2011-01-04T10:00:00Z",
                "2011-01-04T10:00:00.5Z",
                "2011-01-04T10:00:00.123456789Z",
                "2012-02-29T23:59:59.000001Z",
                "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59.999999Z",
                "2011-01-04T10:00:00.Z",
                "2011-01-04T10:00Z",
                "2011-01-04T10:00:00+01:00",
                "2011-01-04T10:00:00.25-08:30"
            })
    void are_read_as_java_time_reads_them(String text) {
        assertThat(UtcTimes.parse(text)).isEqualTo(OffsetDateTime.parse(text).toInstant());
    }

    @Test
    void are_read_as_they_are_written() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 10_000; i++) {
            Instant time =
                    Instant.ofEpochSecond(random.nextLong(0, 10_000_000_000L), random.nextLong(0, 1_000_000_000));
            assertThat(UtcTimes.parse(time.toString())).isEqualTo(time);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "today",
                "2011-01-04",
                "2011-01-04T10:00:00",
                "2011-01-04 10:00:00Z",
                "2011-13-04T10:00:00Z",
                "2011-02-29T10:00:00Z",
                "2011-01-04T24:00:01Z",
                "2011-01-04T10:00:00,5Z",
                "2011-01-04T10:00:00.1234567890Z",
                "2011-01-04T10:00:00.-5Z",
                "+011-01-04T10:00:00Z",
                "２011-01-04T10:00:00Z"
            })
    void that_are_none_are_refused(String text) {
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> UtcTimes.parse(text));
    }
}
