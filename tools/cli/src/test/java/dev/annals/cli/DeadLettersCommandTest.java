package dev.annals.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.operations.deadletters.DeadLetter;
import dev.annals.operations.deadletters.DeadLetter.Origin;
import dev.annals.operations.deadletters.DeadLetter.Position;
import dev.annals.operations.deadletters.DeadLetterJson;
import dev.annals.operations.deadletters.DeadLetters.SentAgain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DeadLettersCommandTest {

    private final StringWriter out = new StringWriter();
    private final Output output = new Output();
    private final CommandLine commandLine = new CommandLine(new Printing(output)).setOut(new PrintWriter(out, true));

    @CommandLine.Command
    private record Printing(@CommandLine.Mixin Output output) {}

    private static DeadLetter letter(@Nullable String key, @Nullable String reason) {
        return new DeadLetter(
                new Position(2, 17),
                Instant.parse("2011-01-04T10:00:00Z"),
                key,
                reason,
                "no magic byte",
                new Origin("accounts.commands", "1", "40"),
                "c1",
                "annals.accounts.Deposit");
    }

    private String printed(DeadLetter letter, String... options) {
        commandLine.parseArgs(options);
        output.print(DeadLetterJson.of(letter), DeadLettersCommand.lines(letter).toList());
        return out.toString();
    }

    @Test
    void says_where_a_letter_is_what_it_was_and_why() {
        assertThat(printed(letter("ada", "unreadable")).lines())
                .containsExactly(
                        "2:17  2011-01-04T10:00:00Z  unreadable  key ada, command c1, annals.accounts.Deposit",
                        "    received as accounts.commands 1:40",
                        "    no magic byte");
    }

    @Test
    void a_letter_is_one_json_object_in_a_line_for_machines() {
        assertThat(printed(letter("ada", "unreadable"), "--json"))
                .isEqualToIgnoringNewLines(
                        "{\"partition\":2,\"offset\":17,\"time\":\"2011-01-04T10:00:00Z\",\"key\":\"ada\","
                                + "\"reason\":\"unreadable\",\"message\":\"no magic byte\",\"originTopic\":\"accounts.commands\","
                                + "\"originPartition\":1,\"originOffset\":40,\"commandId\":\"c1\","
                                + "\"commandType\":\"annals.accounts.Deposit\"}");
    }

    @Test
    void sends_no_control_characters_of_others_to_the_terminal() {
        assertThat(printed(letter("a\033[2Jb\n", null)).lines())
                .hasSize(3)
                .first()
                .asString()
                .startsWith("2:17  2011-01-04T10:00:00Z  ?  key a?[2Jb?,");
    }

    @Test
    void says_what_came_of_one_that_was_sent_again() {
        SentAgain failed =
                new SentAgain(SentAgain.Outcome.FAILED, null, "handler-failed", "no luck", new Position(1, 1));
        output.print(DeadLetterJson.of(failed), List.of(DeadLettersCommand.text(failed)));
        commandLine.parseArgs("--json");
        output.print(DeadLetterJson.of(failed), List.of(DeadLettersCommand.text(failed)));

        assertThat(out.toString().lines())
                .containsExactly(
                        "failed, handler-failed: no luck; dead letter 1:1",
                        "{\"outcome\":\"failed\",\"version\":null,\"code\":\"handler-failed\",\"message\":\"no luck\","
                                + "\"deadLetter\":{\"partition\":1,\"offset\":1}}");
    }
}
