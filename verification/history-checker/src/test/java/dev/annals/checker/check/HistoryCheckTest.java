package dev.annals.checker.check;

import static dev.annals.checker.check.AccountStory.deposit;
import static dev.annals.checker.check.AccountStory.open;
import static dev.annals.checker.check.AccountStory.opened;
import static dev.annals.checker.check.AccountStory.rejection;
import static dev.annals.checker.check.AccountStory.replayOf;
import static dev.annals.checker.check.AccountStory.withdraw;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.MoneyWithdrawn;
import dev.annals.checker.history.Answer;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.checker.history.LoggedEvent;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistoryCheckTest {

    private static final MoneyDeposited TEN = new MoneyDeposited(new BigDecimal("10"), null, null);
    private static final MoneyWithdrawn TEN_OUT = new MoneyWithdrawn(new BigDecimal("10"), null, null);

    private final AccountStory story = opened();

    @Test
    void a_right_history_has_no_finding() {
        CommandResult first = story.decide("d", deposit("10"), 1L);
        story.decide("w", withdraw("20"));
        story.decide("conflict", deposit("1"), 1L);
        story.told("d", deposit("10"), 1L, replayOf(first));
        story.told("d", deposit("11"), null, rejection("d", 2, "idempotency-key-reused", "used"));
        story.unanswered("never-arrived", deposit("5"), false);
        CommandResult silent = story.decide("silent", withdraw("10"));
        story.calls.removeLast();
        story.results.removeLast();
        story.log(story.unanswered("silent", withdraw("10"), true), silent);

        assertThat(story.check()).isEmpty();
    }

    @Test
    void a_gap_in_the_versions_is_found() {
        story.decide("d", deposit("10"));
        story.decide("e", deposit("10"));
        story.events.remove(1);

        assertThat(story.broken()).containsExactly(Rule.EVENT_VERSIONS);
    }

    @Test
    void a_version_that_stands_twice_is_found() {
        story.decide("d", deposit("10"));
        story.events.add(story.event(2, "d", TEN));

        assertThat(story.broken()).containsExactly(Rule.EVENT_VERSIONS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ce_id", "ce_subject", "ce_sequence"})
    void an_event_whose_header_differs_from_its_key_is_found(String header) {
        LoggedEvent event = story.events.removeLast();
        Map<String, String> headers = new HashMap<>(event.headers());
        headers.put(header, "another");
        story.events.add(new LoggedEvent(event.type(), event.key(), headers, event.event(), 0, 0));

        assertThat(story.broken()).containsExactly(Rule.EVENT_ADDRESS);
    }

    @Test
    void an_event_in_another_partition_is_found() {
        LoggedEvent event = story.events.removeLast();
        story.events.add(new LoggedEvent(event.type(), event.key(), event.headers(), event.event(), 1, 0));

        assertThat(story.broken()).containsExactly(Rule.EVENT_ADDRESS);
    }

    @Test
    void a_key_that_is_none_is_found() {
        story.events.add(new LoggedEvent("accounts", "ann", Map.of(), TEN, 0, 0));

        assertThat(story.broken()).containsExactly(Rule.EVENT_ADDRESS);
    }

    @Test
    void an_event_of_a_type_that_is_none_is_found() {
        LoggedEvent event = story.event(1, "open", TEN);
        Map<String, String> headers = new HashMap<>(event.headers());
        headers.put("ce_id", "ghosts/ann/1");
        story.events.add(new LoggedEvent("ghosts", event.key(), headers, TEN, 0, 0));

        assertThat(story.broken()).containsExactly(Rule.EVENT_ADDRESS);
    }

    @Test
    void an_event_that_nobody_asked_for_is_found() {
        story.append("nobody", List.of(TEN));

        assertThat(story.broken()).containsExactly(Rule.EVENT_WITHOUT_COMMAND);
    }

    @Test
    void an_event_of_a_command_whose_answer_is_unknown_and_whose_result_is_missing_is_found() {
        story.unanswered("d", deposit("10"), false);
        story.append("d", List.of(TEN));

        assertThat(story.broken()).containsExactly(Rule.EVENT_WITHOUT_COMMAND);
    }

    @Test
    void an_event_of_a_rejected_command_is_found() {
        story.decide("w", withdraw("10"));
        story.append("w", List.of(TEN_OUT));

        assertThat(story.broken()).containsExactly(Rule.EVENT_WITHOUT_COMMAND);
    }

    @Test
    void a_part_of_the_events_of_a_command_is_found() {
        story.told(
                "d",
                deposit("10"),
                null,
                AccountStory.acceptance(
                        "d", List.of(new AppendedEvent("MoneyDeposited", 2), new AppendedEvent("MoneyDeposited", 3))));
        story.append("d", List.of(TEN));

        assertThat(story.broken()).containsExactly(Rule.COMMAND_EVENTS);
    }

    @Test
    void events_of_a_command_with_another_between_them_are_found() {
        story.append("d", List.of(TEN));
        story.decide("e", deposit("1"));
        story.append("d", List.of(TEN));
        story.told(
                "d",
                deposit("10"),
                null,
                AccountStory.acceptance(
                        "d", List.of(new AppendedEvent("MoneyDeposited", 2), new AppendedEvent("MoneyDeposited", 4))));

        assertThat(story.broken()).contains(Rule.LOST_EVENTS);
    }

    @Test
    void an_event_that_the_decider_does_not_give_is_found() {
        story.append("w", List.of(TEN_OUT));
        story.told(
                "w",
                withdraw("10"),
                null,
                AccountStory.acceptance("w", List.of(new AppendedEvent("MoneyWithdrawn", 2))));

        assertThat(story.broken()).containsExactly(Rule.WRONG_EVENTS);
    }

    @Test
    void events_of_another_amount_are_found() {
        story.append("d", List.of(TEN));
        story.told(
                "d",
                deposit("11"),
                null,
                AccountStory.acceptance("d", List.of(new AppendedEvent("MoneyDeposited", 2))));

        assertThat(story.broken()).containsExactly(Rule.WRONG_EVENTS);
    }

    @Test
    void a_decision_against_an_old_state_is_found() {
        story.decide("d", deposit("10"));
        story.decide("w", withdraw("10"));
        story.decideAt(2, "w2", withdraw("10"), null);

        assertThat(story.broken()).containsExactly(Rule.WRONG_EVENTS);
    }

    @Test
    void an_accepted_command_without_its_events_is_found() {
        story.told(
                "d",
                deposit("10"),
                null,
                AccountStory.acceptance("d", List.of(new AppendedEvent("MoneyDeposited", 2))));

        assertThat(story.broken()).containsExactly(Rule.LOST_EVENTS);
    }

    @Test
    void a_rejection_that_was_not_right_at_its_version_is_found() {
        story.decide("d", deposit("10"));
        story.told("w", withdraw("5"), null, rejection("w", 2, "insufficient-funds", "so it says"));

        assertThat(story.broken()).containsExactly(Rule.WRONG_ANSWER);
    }

    @Test
    void a_rejection_that_tells_of_another_state_is_found() {
        story.told(
                "w",
                withdraw("5"),
                null,
                rejection(
                        "w",
                        1,
                        "insufficient-funds",
                        "4.0000 can be withdrawn (balance 4.0000, overdraft limit 0.0000), but 5.0000 was asked for"));

        assertThat(story.broken()).containsExactly(Rule.WRONG_ANSWER);
    }

    @Test
    void a_rejection_at_a_version_that_never_was_is_found() {
        story.told("w", withdraw("5"), null, rejection("w", 7, "insufficient-funds", "no"));

        assertThat(story.broken()).containsExactly(Rule.WRONG_ANSWER);
    }

    @Test
    void a_command_that_is_accepted_at_another_version_than_expected_is_found() {
        story.decideAt(1, "d", deposit("10"), 0L);

        assertThat(story.broken()).containsExactly(Rule.EXPECTED_VERSION);
    }

    @Test
    void a_conflict_at_the_expected_version_is_found() {
        story.told("d", deposit("10"), 1L, rejection("d", 1, "version-conflict", "no"));

        assertThat(story.broken()).containsExactly(Rule.EXPECTED_VERSION);
    }

    @Test
    void a_conflict_without_an_expectation_is_found() {
        story.told("d", deposit("10"), null, rejection("d", 1, "version-conflict", "no"));

        assertThat(story.broken()).containsExactly(Rule.EXPECTED_VERSION);
    }

    @Test
    void a_rejection_at_an_older_version_than_was_answered_before_the_call_is_found() {
        CommandResult early = story.decide("w", withdraw("10"));
        story.calls.removeLast();
        story.results.removeLast();
        story.decide("d", deposit("10"));
        story.told("w", withdraw("10"), null, early);

        assertThat(story.broken()).containsExactly(Rule.REAL_TIME);
    }

    @Test
    void the_same_rejection_is_right_if_the_call_began_before_that_answer() {
        CommandResult early = story.decide("w", withdraw("10"));
        story.calls.removeLast();
        story.results.removeLast();
        story.decide("d", deposit("10"));
        story.toldLate("w", withdraw("10"), early);

        assertThat(story.check()).isEmpty();
    }

    @Test
    void a_rejection_at_an_older_version_than_was_read_before_the_call_is_found() {
        CommandResult early = story.decide("w", withdraw("10"));
        story.calls.removeLast();
        story.results.removeLast();
        CommandResult silent = story.decide("d", deposit("10"));
        story.calls.removeLast();
        story.results.removeLast();
        story.log(story.unanswered("d", deposit("10"), true), silent);
        story.sight();
        story.told("w", withdraw("10"), null, early);

        assertThat(story.broken()).containsExactly(Rule.REAL_TIME);
    }

    @Test
    void an_acceptance_before_the_events_of_an_answered_command_is_found() {
        CommandResult second = story.decide("second", deposit("10"));
        story.calls.removeLast();
        story.results.removeLast();
        story.decide("first", deposit("1"));
        story.told("second", deposit("10"), null, second);

        assertThat(story.broken()).containsExactly(Rule.REAL_TIME);
    }

    @Test
    void a_result_that_nobody_asked_for_is_found() {
        story.log("no-call", rejection("x", 1, "account-already-exists", "an account with this id was opened before"));

        assertThat(story.broken()).containsExactly(Rule.RESULT_WITHOUT_CALL);
    }

    @Test
    void a_result_of_another_command_id_is_found() {
        String trace = story.unanswered("x", open(), false);
        story.log(trace, rejection("y", 1, "account-already-exists", "an account with this id was opened before"));

        assertThat(story.broken()).containsExactly(Rule.RESULT_WITHOUT_CALL);
    }

    @Test
    void two_results_of_one_command_record_are_found() {
        CommandResult first = story.decide("d", deposit("10"));
        story.log(story.calls.getLast().trace(), replayOf(first));

        assertThat(story.broken()).containsExactly(Rule.RESULT_TWICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-1", Call.GATEWAY})
    void a_call_that_the_owner_was_asked_first_may_have_results_that_decide_nothing(String channel) {
        CommandResult first = story.decide("d", deposit("10"));
        story.lastOver(channel);
        story.log(story.calls.getLast().trace(), replayOf(first));
        CommandResult reuse = rejection("d", 2, "idempotency-key-reused", "used");
        story.told("d", deposit("11"), null, reuse);
        story.lastOver(channel);
        story.log(story.calls.getLast().trace(), reuse);

        assertThat(story.check()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-1", Call.GATEWAY})
    void one_of_them_that_is_decided_twice_is_found(String channel) {
        story.decide("w", withdraw("10"));
        story.lastOver(channel);
        story.log(story.calls.getLast().trace(), rejection("w", 1, "insufficient-funds", "no"));

        assertThat(story.broken()).contains(Rule.RESULT_TWICE);
    }

    @Test
    void an_answer_that_is_in_no_log_is_found() {
        CommandResult told = rejection("x", 1, "account-already-exists", "an account with this id was opened before");
        story.call("x", open(), null, Decided.of(told), 100, 101, false);

        assertThat(story.broken()).containsExactly(Rule.ANSWER_WITHOUT_RESULT);
    }

    @Test
    void an_answer_that_differs_from_the_log_is_found() {
        CommandResult told = rejection("w", 1, "account-not-found", "no");
        String trace = story.call("w", withdraw("5"), null, Decided.of(told), 100, 101, false);
        story.log(
                trace,
                rejection(
                        "w",
                        1,
                        "insufficient-funds",
                        "0.0000 can be withdrawn (balance 0.0000, overdraft limit 0.0000), but 5.0000 was asked for"));

        assertThat(story.broken()).containsExactly(Rule.ANSWER_DIFFERS);
    }

    @Test
    void a_written_command_without_a_result_is_found() {
        story.unanswered("d", deposit("10"), true);

        assertThat(story.broken()).containsExactly(Rule.LOST_COMMAND);
    }

    @Test
    void a_command_id_that_is_decided_twice_is_found() {
        story.decide("d", deposit("10"));
        story.decide("d", deposit("10"));

        assertThat(story.broken()).containsExactly(Rule.DECIDED_TWICE);
    }

    @Test
    void a_rejection_that_is_decided_again_is_found() {
        story.decide("w", withdraw("10"));
        story.decide("w", withdraw("10"));

        assertThat(story.broken()).containsExactly(Rule.DECIDED_TWICE);
    }

    @Test
    void a_replay_that_differs_is_found() {
        CommandResult first = story.decide("d", deposit("10"));
        story.decide("e", deposit("10"));
        story.told(
                "d",
                deposit("10"),
                null,
                replayOf(AccountStory.acceptance(
                        "d", List.of(new AppendedEvent("MoneyDeposited", first.version() + 1)))));

        assertThat(story.broken()).containsExactly(Rule.REPLAY_DIFFERS);
    }

    @Test
    void a_replay_of_nothing_is_found() {
        story.told("w", withdraw("5"), null, replayOf(rejection("w", 1, "insufficient-funds", "no")));

        assertThat(story.broken()).containsExactly(Rule.REPLAY_DIFFERS);
    }

    @Test
    void another_payload_that_gets_the_result_of_the_first_is_found() {
        CommandResult first = story.decide("d", deposit("10"));
        story.told("d", deposit("11"), null, replayOf(first));

        assertThat(story.broken()).containsExactly(Rule.REUSED_ID);
    }

    @Test
    void a_repeat_that_is_refused_as_another_payload_is_found() {
        story.decide("d", deposit("10"));
        story.told("d", deposit("10"), null, rejection("d", 2, "idempotency-key-reused", "used"));

        assertThat(story.broken()).containsExactly(Rule.REUSED_ID);
    }

    @Test
    void an_id_that_is_refused_as_used_before_it_was_is_found() {
        story.told("d", deposit("10"), null, rejection("d", 1, "idempotency-key-reused", "used"));

        assertThat(story.broken()).containsExactly(Rule.REUSED_ID);
    }

    @Test
    void a_failed_command_is_found() {
        story.told("d", deposit("10"), null, AccountStory.failure("d"));

        assertThat(story.broken()).containsExactly(Rule.FAILED);
    }

    @Test
    void a_refusal_of_a_right_command_is_found() {
        story.call("d", deposit("10"), null, new Answer.Refused(400, "invalid-command"), 100, 101, false);

        assertThat(story.broken()).containsExactly(Rule.REFUSED);
    }

    @Test
    void too_many_in_flight_is_no_finding_unless_the_command_is_decided_all_the_same() {
        String trace = story.call("d", open(), null, new Answer.Refused(429, "too-many-in-flight"), 100, 101, false);
        assertThat(story.check()).isEmpty();

        story.log(trace, rejection("d", 1, "account-already-exists", "an account with this id was opened before"));
        assertThat(story.broken()).containsExactly(Rule.REFUSED);
    }

    @Test
    void many_findings_of_one_rule_are_counted_and_not_listed() {
        for (int i = 0; i < 100; i++) {
            story.unanswered("lost-" + i, deposit("10"), true);
        }

        assertThat(story.check()).hasSize(Findings.MAX_OF_A_RULE + 1).last().hasToString("LOST_COMMAND …: and 92 more");
    }
}
