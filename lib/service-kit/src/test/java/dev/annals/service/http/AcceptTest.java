package dev.annals.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            application/json                     | 1
            */*                                  | 1
            application/*;q=0.5                  | 0.5
            text/html, */*;q=0.1                 | 0.1
            application/*;q=0.2, application/json | 1
            */*, application/json;q=0            | 0
            text/html                            | 0
            Application/JSON; charset=utf-8      | 1
            application/json;q=x                 | 1
            ;;,,                                 | 0
            """)
    void the_most_specific_range_says_the_weight(String header, double weight) {
        assertThat(Accept.of(header).weight("application/json")).isEqualTo(weight);
    }

    @Test
    void without_a_header_everything_is_taken() {
        assertThat(Accept.of((String) null).weight("application/json")).isEqualTo(1);
        assertThat(Accept.of(" ").weight("text/plain")).isEqualTo(1);
    }

    @Test
    void a_range_names_no_type() {
        assertThat(Accept.of("*/*").names("text/event-stream")).isFalse();
        assertThat(Accept.of("text/event-stream;q=0").names("text/event-stream"))
                .isFalse();
        assertThat(Accept.of("text/event-stream, */*").names("text/event-stream"))
                .isTrue();
    }
}
