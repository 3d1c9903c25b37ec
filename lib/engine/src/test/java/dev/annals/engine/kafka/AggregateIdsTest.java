package dev.annals.engine.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AggregateIdsTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "Z9", "a.b_c:d~e-f", "-", "550e8400-e29b-41d4-a716-446655440000"})
    void letters_digits_and_six_marks_are_valid(String id) {
        assertThat(AggregateIds.isValid(id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/b", "a%2Fb", "ä", "a\n", "a\u0000"})
    void anything_else_is_not(String id) {
        assertThat(AggregateIds.isValid(id)).isFalse();
    }

    @Test
    void an_id_has_at_most_200_characters() {
        assertThat(AggregateIds.isValid("x".repeat(200))).isTrue();
        assertThat(AggregateIds.isValid("x".repeat(201))).isFalse();
    }

    @Test
    void the_partition_is_the_one_that_javas_producer_takes() {
        for (int i = 0; i < 200; i++) {
            String id = "order-" + i;
            assertThat(AggregateIds.partition(id, 7))
                    .isEqualTo(BuiltInPartitioner.partitionForKey(id.getBytes(StandardCharsets.UTF_8), 7));
        }
    }
}
