package dev.annals.checker.check;

import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountCommand.Withdraw;
import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountsDomain;
import dev.annals.api.AggregateType;
import dev.annals.api.Decision;
import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Answer;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import dev.annals.checker.history.History;
import dev.annals.checker.history.History.Sighting;
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

/**
 * A right history of one account, made by a service that is right, and the means to make it wrong. A clock ticks with
 * each step; a call takes from {@code invoked} to {@code answered}.
 */
final class AccountStory {

    static final AggregateRef ACCOUNT = new AggregateRef("accounts", "ann");
    private static final AggregateType<AccountCommand, dev.annals.accounts.Account, AccountEvent> TYPE =
            new AccountsDomain().aggregate();

    final List<Call> calls = new ArrayList<>();
    final List<LoggedEvent> events = new ArrayList<>();
    final List<LoggedResult> results = new ArrayList<>();
    final List<Sighting> sightings = new ArrayList<>();
    final List<LoggedStep> journal = new ArrayList<>();

    private final List<dev.annals.accounts.Account> states =
            new ArrayList<>(List.of(TYPE.decider().initial()));
    private long clock;

    static OpenAccount open() {
        return new OpenAccount("ann", "EUR", null);
    }

    static Deposit deposit(String amount) {
        return new Deposit(new BigDecimal(amount), null, null);
    }

    static Withdraw withdraw(String amount) {
        return new Withdraw(new BigDecimal(amount), null, null);
    }

    static AccountStory opened() {
        AccountStory story = new AccountStory();
        story.decide("open", open());
        return story;
    }

    List<Finding> check() {
        return HistoryCheck.of(new History(calls, events, results, sightings, journal), List.of(TYPE), 1);
    }

    List<Rule> broken() {
        return check().stream().map(Finding::rule).distinct().toList();
    }

    /** Handles a command as the service should, and tells its client. */
    CommandResult decide(String id, AccountCommand command) {
        return decideAt(version(), id, command, null);
    }

    CommandResult decide(String id, AccountCommand command, Long expectedVersion) {
        if (expectedVersion == null || expectedVersion == version()) {
            return decideAt(version(), id, command, expectedVersion);
        }
        CommandResult conflict = rejection(id, version(), "version-conflict", "no");
        told(id, command, expectedVersion, conflict);
        return conflict;
    }

    /** Handles a command against an old state, with events at the right versions. */
    CommandResult decideAt(int version, String id, AccountCommand command, Long expectedVersion) {
        CommandResult result = switch (TYPE.decider().decide(command, states.get(version))) {
            case Decision.Rejected<AccountEvent>(String code, String message) -> rejection(id, version, code, message);
            case Decision.Accepted<AccountEvent>(List<AccountEvent> decided) -> acceptance(id, append(id, decided));
        };
        told(id, command, expectedVersion, result);
        return result;
    }

    List<AppendedEvent> append(String id, List<AccountEvent> decided) {
        List<AppendedEvent> appended = new ArrayList<>();
        for (AccountEvent event : decided) {
            states.add(TYPE.decider().evolve(states.getLast(), event));
            appended.add(new AppendedEvent(event.getClass().getSimpleName(), version()));
            events.add(event(version(), id, event));
        }
        return appended;
    }

    LoggedEvent event(long version, String id, AccountEvent event) {
        return new LoggedEvent(
                "accounts",
                new EventKey(ACCOUNT.id(), version).toString(),
                new HashMap<>(Map.of(
                        "ce_id",
                        ACCOUNT + "/" + version,
                        "ce_subject",
                        ACCOUNT.id(),
                        "ce_sequence",
                        EventKey.digits(version),
                        "ce_causationid",
                        id)),
                event,
                0,
                events.size());
    }

    int version() {
        return states.size() - 1;
    }

    /** A call, its result in the log, and the same as its answer. */
    String told(String id, AccountCommand command, Long expectedVersion, CommandResult result) {
        String trace = call(id, command, expectedVersion, Decided.of(result), clock + 1, clock + 2, true);
        clock += 2;
        log(trace, result);
        return trace;
    }

    /** Somebody reads the events, after all that has happened so far. */
    void sight() {
        sightings.add(new Sighting(ACCOUNT, version(), ++clock));
    }

    /** A call that overlaps everything before it, back to the beginning. */
    void toldLate(String id, AccountCommand command, CommandResult result) {
        log(call(id, command, null, Decided.of(result), 0, ++clock, true), result);
    }

    String call(
            String id,
            AccountCommand command,
            Long expectedVersion,
            Answer answer,
            long invoked,
            long answered,
            boolean written) {
        String trace = "call-" + calls.size();
        calls.add(
                new Call(trace, ACCOUNT, id, command, expectedVersion, Call.TOPIC, invoked, answered, answer, written));
        return trace;
    }

    /** The last call was sent by this channel, and not to the topic. */
    void lastOver(String channel) {
        Call last = calls.removeLast();
        calls.add(new Call(
                last.trace(),
                last.aggregate(),
                last.commandId(),
                last.command(),
                last.expectedVersion(),
                channel,
                last.invoked(),
                last.answered(),
                last.answer(),
                false));
    }

    String unanswered(String id, AccountCommand command, boolean written) {
        clock += 2;
        return call(id, command, null, new Answer.Unknown("timeout"), clock - 1, clock, written);
    }

    void log(String trace, CommandResult result) {
        results.add(new LoggedResult(result, trace, 0, results.size()));
    }

    static CommandResult acceptance(String id, List<AppendedEvent> appended) {
        return result(id, Outcome.ACCEPTED, appended.getLast().version(), appended, null, null, false);
    }

    static CommandResult rejection(String id, long version, String code, String message) {
        return result(id, Outcome.REJECTED, version, List.of(), code, message, false);
    }

    static CommandResult failure(String id) {
        return result(id, Outcome.FAILED, -1, List.of(), "handler-failed", "a bug", false);
    }

    static CommandResult replayOf(CommandResult first) {
        return result(
                first.commandId(),
                first.outcome(),
                first.version(),
                first.events(),
                first.code(),
                first.message(),
                true);
    }

    private static CommandResult result(
            String id,
            Outcome outcome,
            long version,
            List<AppendedEvent> appended,
            String code,
            String message,
            boolean replayed) {
        return new CommandResult(
                id,
                "Any",
                ACCOUNT.type(),
                ACCOUNT.id(),
                outcome,
                version,
                appended,
                code,
                message,
                replayed,
                Instant.EPOCH,
                null);
    }
}
