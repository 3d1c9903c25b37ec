package dev.annals.engine.reacting;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessCommandIdTest {

    @Test
    void is_read_as_it_is_written() {
        ProcessCommandId id = new ProcessCommandId("transfers", "a:1~7", 12);

        assertThat(id).hasToString("transfers/a:1~7/12");
        assertThat(ProcessCommandId.parse("transfers", id.toString())).isEqualTo(id);
        assertThat(ProcessCommandId.parse("transfer", id.toString())).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "transfers",
                "transfers/",
                "transfers/a",
                "transfers//1",
                "transfers/a/",
                "transfers/a/b",
                "transfers/a/b/1",
                "transfers/ä/1",
                "transfers/a/99999999999999999999",
                "0192-uuid"
            })
    void ids_of_others_are_none_of_ours(String id) {
        assertThat(ProcessCommandId.parse("transfers", id)).isNull();
    }

    @Test
    void the_longest_fits_into_a_command_id() {
        String instance = "x".repeat(107 - "transfers".length());

        assertThat(ProcessCommandId.isValid("transfers", instance)).isTrue();
        assertThat(ProcessCommandId.isValid("transfers", instance + "x")).isFalse();
        assertThat(new ProcessCommandId("transfers", instance, Long.MAX_VALUE).toString())
                .hasSize(128);
        assertThat(ProcessCommandId.rule("transfers")).startsWith("1 to 98 characters");
    }
}
