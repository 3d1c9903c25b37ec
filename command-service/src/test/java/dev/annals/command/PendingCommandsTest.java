package dev.annals.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.core.deciding.CommandResult;
import dev.annals.core.deciding.CommandResult.Outcome;
import dev.annals.core.deciding.StoredResults.StoredResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PendingCommandsTest {

    private Instant now = Instant.EPOCH;
    private final PendingCommands pending = new PendingCommands(2, () -> now);

    static CommandResult rejected(String code) {
        return result(Outcome.REJECTED, code);
    }

    private static CommandResult result(Outcome outcome, String code) {
        return new CommandResult(
                "c1", "Deposit", "accounts", "a", outcome, 0, List.of(), code, code, false, Instant.EPOCH, null);
    }

    @Test
    void no_more_commands_wait_than_there_are_places() {
        assertThat(pending.add("r1", "c1")).isPresent();
        assertThat(pending.add("r2", "c1")).isPresent();
        assertThat(pending.add("r3", "c3")).isEmpty();

        pending.complete("r1", rejected("no"));
        assertThat(pending.add("r3", "c3")).isPresent();
    }

    @Test
    void a_place_is_given_back_once_whatever_comes_twice() {
        pending.add("r1", "c1");
        pending.complete("r1", rejected("no"));
        pending.complete("r1", rejected("no"));
        pending.fail("r1", new IllegalStateException());

        assertThat(pending.add("r2", "c2")).isPresent();
        assertThat(pending.add("r3", "c3")).isPresent();
        assertThat(pending.add("r4", "c4")).isEmpty();
    }

    @Test
    void a_command_whose_result_does_not_come_is_forgotten_and_its_place_given_back() {
        Optional<CompletableFuture<CommandResult>> result = pending.add("r1", "c1");
        now = now.plus(PendingCommands.FORGOTTEN_AFTER);
        pending.forgetOld();
        assertThat(pending.isPending("c1")).isTrue();

        now = now.plusMillis(1);
        pending.forgetOld();
        assertThat(pending.isPending("c1")).isFalse();
        assertThat(pending.size()).isZero();
        assertThat(result.orElseThrow()).isCancelled();
    }

    @Test
    void at_the_end_nobody_waits_any_more() {
        Optional<CompletableFuture<CommandResult>> result = pending.add("r1", "c1");
        pending.close();

        assertThat(result.orElseThrow()).isCancelled();
        assertThat(pending.size()).isZero();
    }

    @Test
    void a_result_is_remembered_with_when_it_came() {
        pending.add("r1", "c1");
        now = Instant.EPOCH.plusSeconds(3);
        pending.complete("r1", rejected("no"));

        assertThat(pending.isPending("c1")).isFalse();
        assertThat(pending.recentResult("c1")).contains(new StoredResult(rejected("no"), now));
    }

    /** It may be sent again to another instance, and then this one would go on to call it failed. */
    @Test
    void that_a_command_failed_is_not_remembered_here() {
        pending.add("r1", "c1");
        pending.complete("r1", result(Outcome.FAILED, "handler-failed"));

        assertThat(pending.recentResult("c1")).isEmpty();
        assertThat(pending.isPending("c1")).isFalse();
    }

    @Test
    void that_an_id_was_used_again_is_not_the_result_of_the_id() {
        pending.add("r1", "c1");
        pending.complete("r1", rejected("idempotency-key-reused"));

        assertThat(pending.recentResult("c1")).isEmpty();
    }
}
