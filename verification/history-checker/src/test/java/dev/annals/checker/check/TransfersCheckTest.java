package dev.annals.checker.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.Account;
import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountCommand.CompleteTransfer;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountCommand.ReceiveTransfer;
import dev.annals.accounts.AccountCommand.RefundTransfer;
import dev.annals.accounts.AccountCommand.SendTransfer;
import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.TransferReceived;
import dev.annals.accounts.AccountsDomain;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Answer;
import dev.annals.checker.history.Call;
import dev.annals.checker.history.History;
import dev.annals.checker.history.LoggedEvent;
import dev.annals.checker.history.LoggedResult;
import dev.annals.checker.history.LoggedStep;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.kafka.EventKey;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ann sends money to Ben, who has it, and to nobody, from where it comes back; then something is made wrong. */
class TransfersCheckTest {

    private static final BigDecimal SEVEN = new BigDecimal("7.0000");
    private static final SendTransfer TO_BEN = new SendTransfer("ben", SEVEN, null);
    private static final SendTransfer TO_NOBODY = new SendTransfer("nobody", SEVEN, null);
    private static final ReceiveTransfer RECEIVE = new ReceiveTransfer("ann", 1, SEVEN, "EUR", null);
    private static final ReceiveTransfer REFUSED = new ReceiveTransfer("ann", 2, SEVEN, "EUR", null);
    private static final Answer UNKNOWN = new Answer.Unknown("timeout");
    private static final RefundTransfer REFUND = new RefundTransfer(2, "account-not-found");

    private final List<Call> calls = new ArrayList<>();
    private final List<LoggedEvent> events = new ArrayList<>();
    private final List<LoggedResult> results = new ArrayList<>();
    private final List<LoggedStep> journal = new ArrayList<>();
    private final Decider<AccountCommand, Account, AccountEvent> decider =
            new AccountsDomain().aggregate().decider();
    private final Map<String, Account> states = new HashMap<>();

    @BeforeEach
    void both_are_right() {
        client("ann", "open-ann", new OpenAccount("Ann", "EUR", null));
        client("ben", "open-ben", new OpenAccount("Ben", "EUR", null));
        client("ann", "pay", new Deposit(new BigDecimal("20"), null, null));
        client("ann", "send-1", TO_BEN);
        client("ann", "send-2", TO_NOBODY);
        process("ben", "ann~1", 1, RECEIVE);
        process("nobody", "ann~2", 1, REFUSED);
        process("ann", "ann~1", 2, new CompleteTransfer(1));
        process("ann", "ann~2", 2, REFUND);
        step("ann~1", false, "transfers/ann~1/1");
        step("ann~2", false, "transfers/ann~2/1");
        step("ann~1", false, "transfers/ann~1/2");
        step("ann~2", false, "transfers/ann~2/2");
        step("ann~1", true);
        step("ann~2", true);
    }

    @Test
    void a_right_history_has_no_finding() {
        assertThat(check()).isEmpty();
    }

    @Test
    void a_transfer_that_never_ends_is_found() {
        client("ann", "send-3", TO_BEN);

        assertThat(broken()).containsExactly(Rule.TRANSFER);
    }

    @Test
    void a_transfer_that_is_booked_twice_is_found() {
        process("ben", "ann~1", 3, RECEIVE);
        journal.add(stepOf("ann~1", 4, true, "transfers/ann~1/3"));

        assertThat(broken()).containsExactly(Rule.MONEY, Rule.TRANSFER);
    }

    @Test
    void a_transfer_that_is_booked_on_another_account_is_found() {
        client("eve", "open-eve", new OpenAccount("Eve", "EUR", null));
        client("ann", "send-3", TO_BEN);
        process("eve", "ann~3", 1, new ReceiveTransfer("ann", 3, SEVEN, "EUR", null));
        process("ann", "ann~3", 2, new CompleteTransfer(3));
        journal.add(stepOf("ann~3", 1, true, "transfers/ann~3/1", "transfers/ann~3/2"));

        assertThat(broken()).containsExactly(Rule.TRANSFER);
    }

    @Test
    void a_refund_of_what_was_booked_is_found() {
        client("ann", "send-3", TO_BEN);
        process("ben", "ann~3", 1, new ReceiveTransfer("ann", 3, SEVEN, "EUR", null));
        process("ann", "ann~3", 2, new RefundTransfer(3, "account-closed"));
        journal.add(stepOf("ann~3", 1, true, "transfers/ann~3/1", "transfers/ann~3/2"));

        assertThat(broken()).containsExactly(Rule.MONEY, Rule.TRANSFER);
    }

    @Test
    void money_that_nobody_has_sent_is_found() {
        append("ben", "made-up", new TransferReceived("eve", 9, SEVEN, null));

        assertThat(broken()).containsExactly(Rule.MONEY, Rule.TRANSFER, Rule.EVENT_WITHOUT_COMMAND);
    }

    @Test
    void an_effect_of_a_command_of_a_process_that_is_there_twice_is_found() {
        append("ben", "transfers/ann~1/1", new MoneyDeposited(SEVEN, null, null));

        assertThat(broken()).containsExactly(Rule.EVENT_WITHOUT_COMMAND);
    }

    @Test
    void a_command_of_a_process_that_has_no_result_is_found() {
        results.removeIf(each -> each.result().commandId().equals("transfers/ann~2/1"));

        assertThat(broken()).containsExactly(Rule.LOST_COMMAND);
    }

    @Test
    void a_command_that_stands_twice_in_its_topic_is_found_although_it_takes_effect_once() {
        String id = "transfers/ann~1/1";
        CommandResult replay = result(
                "ben", id, Outcome.ACCEPTED, List.of(new AppendedEvent("TransferReceived", 2)), null, null, true);
        results.add(new LoggedResult(replay, call("ben", id, RECEIVE, null), 0, results.size()));

        assertThat(broken()).containsExactly(Rule.PROCESS_COMMANDS);
    }

    @Test
    void a_command_that_no_journal_has_is_found() {
        process("nobody", "ann~7", 1, REFUSED);

        assertThat(broken()).containsExactly(Rule.PROCESS_COMMANDS);
    }

    @Test
    void a_command_that_the_journal_has_and_no_topic_is_found() {
        journal.add(stepOf("ann~2", 4, true, "transfers/ann~2/3"));

        assertThat(broken()).containsExactly(Rule.PROCESS_COMMANDS);
    }

    @Test
    void a_gap_in_a_journal_is_found() {
        journal.remove(3);

        assertThat(broken()).contains(Rule.JOURNAL);
    }

    @Test
    void an_entry_that_stands_twice_is_found() {
        journal.add(stepOf("ann~1", 3, true));

        assertThat(broken()).containsExactly(Rule.JOURNAL);
    }

    @Test
    void a_command_that_two_entries_have_is_found() {
        journal.add(stepOf("ann~2", 4, true, "transfers/ann~2/2"));

        assertThat(broken()).containsExactly(Rule.JOURNAL);
    }

    @Test
    void an_instance_that_has_not_ended_is_found() {
        journal.removeLast();

        assertThat(broken()).containsExactly(Rule.JOURNAL);
    }

    @Test
    void an_instance_that_is_parked_is_found() {
        journal.add(new LoggedStep("transfers", "ann~1/0000000000000000004", List.of(), true, "a bug", "all of it"));

        assertThat(broken()).containsExactly(Rule.PARKED);
    }

    private List<Finding> check() {
        return HistoryCheck.of(
                new History(calls, events, results, List.of(), journal), List.of(new AccountsDomain().aggregate()), 1);
    }

    private List<Rule> broken() {
        return check().stream().map(Finding::rule).distinct().toList();
    }

    private void client(String account, String id, AccountCommand command) {
        handle(account, id, command, call(account, id, command, Call.TOPIC));
    }

    private void process(String account, String instance, int number, AccountCommand command) {
        String id = "transfers/%s/%d".formatted(instance, number);
        handle(account, id, command, call(account, id, command, null));
    }

    /** @param channel null: of a process */
    private String call(String account, String id, AccountCommand command, String channel) {
        AggregateRef aggregate = new AggregateRef("accounts", account);
        String trace = "accounts.commands-0@" + calls.size();
        calls.add(
                channel == null
                        ? Call.ofProcess(trace, aggregate, id, command, null)
                        : new Call(trace, aggregate, id, command, null, channel, 0, 1, UNKNOWN, true));
        return trace;
    }

    /** As the service does. */
    private void handle(String account, String id, AccountCommand command, String trace) {
        CommandResult result = switch (decider.decide(command, state(account))) {
            case Decision.Rejected<AccountEvent>(String code, String message) ->
                result(account, id, Outcome.REJECTED, List.of(), code, message, false);
            case Decision.Accepted<AccountEvent>(List<AccountEvent> decided) ->
                result(
                        account,
                        id,
                        Outcome.ACCEPTED,
                        decided.stream()
                                .map(event -> append(account, id, event))
                                .toList(),
                        null,
                        null,
                        false);
        };
        results.add(new LoggedResult(result, trace, 0, results.size()));
    }

    private Account state(String account) {
        return states.getOrDefault(account, decider.initial());
    }

    private long version(String account) {
        return events.stream()
                .filter(each -> account.equals(each.header("ce_subject")))
                .count();
    }

    private AppendedEvent append(String account, String id, AccountEvent event) {
        long version = version(account) + 1;
        states.put(account, decider.evolve(state(account), event));
        events.add(new LoggedEvent(
                "accounts",
                new EventKey(account, version).toString(),
                Map.of(
                        "ce_id",
                        "accounts/%s/%d".formatted(account, version),
                        "ce_subject",
                        account,
                        "ce_sequence",
                        EventKey.digits(version),
                        "ce_causationid",
                        id),
                event,
                0,
                events.size()));
        return new AppendedEvent(event.getClass().getSimpleName(), version);
    }

    private CommandResult result(
            String account,
            String id,
            Outcome outcome,
            List<AppendedEvent> appended,
            String code,
            String message,
            boolean replayed) {
        return new CommandResult(
                id,
                "Any",
                "accounts",
                account,
                outcome,
                version(account),
                appended,
                code,
                message,
                replayed,
                Instant.EPOCH,
                null);
    }

    /** The next entry of an instance. */
    private void step(String instance, boolean ended, String... sent) {
        long before = journal.stream()
                .filter(each -> EventKey.parse(each.key()).aggregateId().equals(instance))
                .count();
        journal.add(stepOf(instance, before + 1, ended, sent));
    }

    private static LoggedStep stepOf(String instance, long number, boolean ended, String... sent) {
        return new LoggedStep(
                "transfers", new EventKey(instance, number).toString(), List.of(sent), ended, null, "all of it");
    }
}
