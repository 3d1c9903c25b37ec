package dev.annals.command;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.command.PendingCommands.PendingCommand;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.deciding.StoredResults.StoredResult;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PendingCommandsTest {

    private Instant now = Instant.EPOCH;
    private final PendingCommands pending = new PendingCommands(2, () -> now);

    private @Nullable PendingCommand add(String requestId, String commandId) {
        return pending.add(requestId, commandId, "accounts", "a");
    }

    private CompletableFuture<CommandResult> added(String requestId, String commandId) {
        return requireNonNull(add(requestId, commandId)).result();
    }

    static CommandResult rejected(String code) {
        return rejected("c1", "accounts", "a", code);
    }

    static CommandResult rejected(@Nullable String commandId, String type, String aggregateId, String code) {
        return result(commandId, type, aggregateId, Outcome.REJECTED, code);
    }

    private static CommandResult result(
            @Nullable String commandId, String type, String aggregateId, Outcome outcome, String code) {
        return new CommandResult(
                commandId, "Deposit", type, aggregateId, outcome, 0, List.of(), code, code, false, Instant.EPOCH, null);
    }

    @Test
    void no_more_commands_wait_than_there_are_places() {
        assertThat(add("r1", "c1")).isNotNull();
        assertThat(add("r2", "c1")).isNotNull();
        assertThat(add("r3", "c3")).isNull();

        pending.complete("r1", rejected("no"));
        assertThat(add("r3", "c3")).isNotNull();
    }

    @Test
    void a_place_is_given_back_once_whatever_comes_twice() {
        add("r1", "c1");
        pending.complete("r1", rejected("no"));
        pending.complete("r1", rejected("no"));
        pending.fail("r1", new IllegalStateException());

        assertThat(add("r2", "c2")).isNotNull();
        assertThat(add("r3", "c3")).isNotNull();
        assertThat(add("r4", "c4")).isNull();
    }

    @Test
    void a_command_whose_result_does_not_come_is_forgotten_and_its_place_given_back() {
        CompletableFuture<CommandResult> result = added("r1", "c1");
        now = now.plus(PendingCommands.FORGOTTEN_AFTER);
        pending.forgetOld();
        assertThat(pending.isPending("c1")).isTrue();

        now = now.plusMillis(1);
        pending.forgetOld();
        assertThat(pending.isPending("c1")).isFalse();
        assertThat(pending.size()).isZero();
        assertThat(result).isCancelled();
    }

    @Test
    void at_the_end_nobody_waits_any_more() {
        CompletableFuture<CommandResult> result = added("r1", "c1");
        pending.close();

        assertThat(result).isCancelled();
        assertThat(pending.size()).isZero();
    }

    @Test
    void a_result_is_remembered_with_when_it_came() {
        add("r1", "c1");
        now = Instant.EPOCH.plusSeconds(3);
        pending.complete("r1", rejected("no"));

        assertThat(pending.isPending("c1")).isFalse();
        assertThat(pending.recentResult("c1")).contains(new StoredResult(rejected("no"), now));
    }

    /** Request ids stand in the command topic, for all who may read it. */
    @ParameterizedTest
    @CsvSource({"c2, accounts, a", "c1, orders, a", "c1, accounts, b", ", accounts, a"})
    void a_reply_about_another_command_is_passed_over(@Nullable String commandId, String type, String aggregateId) {
        CompletableFuture<CommandResult> result = added("r1", "c1");
        pending.complete("r1", rejected(commandId, type, aggregateId, "forged"));

        assertThat(result).isNotDone();
        assertThat(pending.isPending("c1")).isTrue();
        assertThat(pending.recentResult("c1")).isEmpty();
        assertThat(pending.passedOver()).isEqualTo(1);

        pending.complete("r1", rejected("no"));
        assertThat(result).isCompletedWithValue(rejected("no"));
        assertThat(pending.recentResult("c1")).isPresent();
    }

    /** It may be sent again to another instance, and then this one would go on to call it failed. */
    @Test
    void that_a_command_failed_is_not_remembered_here() {
        add("r1", "c1");
        pending.complete("r1", result("c1", "accounts", "a", Outcome.FAILED, "handler-failed"));

        assertThat(pending.recentResult("c1")).isEmpty();
        assertThat(pending.isPending("c1")).isFalse();
    }

    @Test
    void that_an_id_was_used_again_is_not_the_result_of_the_id() {
        add("r1", "c1");
        pending.complete("r1", rejected("idempotency-key-reused"));

        assertThat(pending.recentResult("c1")).isEmpty();
    }
}
