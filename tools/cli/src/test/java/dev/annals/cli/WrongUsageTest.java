package dev.annals.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the options say is checked before anybody is asked. */
class WrongUsageTest {

    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dead-letters accounts --send-again 0:0 --limit 1",
                "dead-letters accounts --send-again first",
                "dead-letters accounts --limit 0",
                "skip orders 2:17 --reason x",
                "skip orders orders.events-2@17",
                "erase wallets/w-1 --reason x --yes",
                "erase wallets/w-1/3 --yes",
                "commands",
                "commands skip orders 2:17 --reason x",
                "commands skip orders 2@17",
                "restore folder --partitions 0",
                "import hotel-bookings bookings.csv --rooms -1",
                "replay orders --cancel --drop-old",
                "replay orders --to-datetime yesterday",
                "replay orders --to-offset -1",
                "verify orders --settle -1"
            })
    void contradicting_and_malformed_options_are_wrong_usage(String line) {
        assertThat(execute(List.of(line.split(" ", -1)))).isEqualTo(2);
        assertThat(err.toString()).doesNotContain("Exception");
    }

    @Test
    void a_blank_reason_to_skip_is_wrong_usage() {
        assertThat(execute(List.of("skip", "orders", "orders.events-2@17", "--reason", " ")))
                .isEqualTo(2);
        assertThat(execute(List.of("commands", "skip", "orders", "2@17", "--reason", " ")))
                .isEqualTo(2);
    }

    private int execute(List<String> line) {
        List<String> all = new ArrayList<>(line);
        all.addAll(List.of("--bootstrap", "127.0.0.1:1"));
        return AnnalsMain.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
