package dev.annals.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreferencesTest {

    private static final Duration OTHERWISE = Duration.ofSeconds(10);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static long maxWait(String... headers) {
        return Preferences.of(List.of(headers)).maxWait(OTHERWISE, LIMIT).toSeconds();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "respond-async | 0",
                "Respond-Async | 0",
                "respond-async; foo=bar | 0",
                "wait=5 | 5",
                "WAIT = 5 | 5",
                "wait=\"5\" | 5",
                "wait=0 | 0",
                "wait=30 | 30",
                "wait=31 | 30",
                "wait=99999999999999999999 | 30",
                "respond-async, wait=5 | 5",
                "wait=5, respond-async | 5",
                "handling=lenient , wait=5 | 5",
                "wait=5, wait=7 | 5"
            })
    void a_client_waits_as_long_as_it_says_within_the_limit(String header, long seconds) {
        assertThat(maxWait(header)).isEqualTo(seconds);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nonsense",
                "''",
                "wait",
                "wait=",
                "wait=-1",
                "wait=soon",
                "wait=1.5",
                "await=3",
                "x=\"respond-async\""
            })
    void what_can_not_be_honoured_is_as_if_it_were_not_there(String header) {
        assertThat(maxWait(header)).isEqualTo(10);
    }

    @Test
    void several_headers_count_as_one() {
        assertThat(maxWait("handling=lenient", "respond-async", "wait=3")).isEqualTo(3);
        assertThat(maxWait()).isEqualTo(10);
    }
}
