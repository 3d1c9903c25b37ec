package dev.annals.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

    private static final String LONG = "x".repeat(199);

    @ParameterizedTest
    @ValueSource(strings = {"a", "a-1", "email:ada~40example.org", "A_B.c", "..", "~~"})
    void letters_digits_and_five_signs_make_an_id(String id) {
        assertThat(Ids.isValid(id)).isTrue();
        assertThat(Ids.isValidInstance("transfers", id)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a/1", "é", "a\n"})
    void nothing_else_does(String id) {
        assertThat(Ids.isValid(id)).isFalse();
        assertThat(Ids.isValidInstance("transfers", id)).isFalse();
    }

    @Test
    void an_instance_and_its_process_have_107_characters_together() {
        assertThat(Ids.isValidInstance("transfers", "x".repeat(98))).isTrue();
        assertThat(Ids.isValidInstance("transfers", "x".repeat(99))).isFalse();
        assertThat(Ids.isValid("x".repeat(200))).isTrue();
        assertThat(Ids.isValid("x".repeat(201))).isFalse();
    }

    @Test
    void an_instance_has_the_name_of_its_aggregate_where_that_is_short_enough() {
        assertThat(Ids.ofInstance("transfers", "a-1~7")).isEqualTo("a-1~7");
        assertThat(Ids.ofInstance("transfers", "x".repeat(98))).isEqualTo("x".repeat(98));
    }

    @Test
    void a_long_name_is_hashed_and_so_is_what_looks_hashed() {
        String hashed = Ids.ofInstance("transfers", LONG);

        assertThat(hashed).isEqualTo("~~f18029ae3f973208860c668e7b0c042ef65cf2409d8532c0cfb1fb7de5a07f9e");
        assertThat(Ids.isValidInstance("transfers", hashed)).isTrue();
        assertThat(Ids.ofInstance("transfers", LONG + "y")).isNotEqualTo(hashed);
        assertThat(Ids.ofInstance("transfers", hashed)).isNotEqualTo(hashed);
    }

    @Test
    void what_can_make_no_id_is_refused() {
        assertThatThrownBy(() -> Ids.ofInstance("transfers", "a b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("transfers", "'a b'");
        assertThatThrownBy(() -> Ids.ofInstance("p".repeat(42), LONG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at most 41 characters");
    }
}
