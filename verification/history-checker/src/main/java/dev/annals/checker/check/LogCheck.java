package dev.annals.checker.check;

import dev.annals.api.AggregateType;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.LoggedEvent;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.AppendedEvent;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.kafka.HeaderName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks the log of one aggregate with the real decider: each command's events must be what the decider gives at the
 * state before them, and each decision without events what it gives at the version that it names.
 */
final class LogCheck<C, S extends Record, E> {

    private final AggregateRef aggregate;
    private final AggregateType<C, S, E> type;
    private final Decider<C, S, E> decider;
    private final List<LoggedEvent> log;
    private final Findings findings;

    /** Decisions with events that were not met in the log yet. */
    private final Set<Exchange> unmet = new LinkedHashSet<>();

    private final List<Exchange> withoutEvents = new ArrayList<>();

    /** The state at each version, as far as the walk has come. */
    private final List<S> states = new ArrayList<>();

    /** @param log whole, from version 1 */
    LogCheck(
            AggregateRef aggregate,
            AggregateType<C, S, E> type,
            List<LoggedEvent> log,
            List<Exchange> exchanges,
            Findings findings) {
        this.aggregate = aggregate;
        this.type = type;
        this.decider = type.decider();
        this.log = log;
        this.findings = findings;
        for (Exchange exchange : exchanges) {
            if (exchange.isDecision()) {
                (exchange.hasEvents() ? unmet : withoutEvents).add(exchange);
            }
        }
    }

    void check() {
        states.add(decider.initial());
        while (states.size() <= log.size()) {
            int version = states.size() - 1;
            Exchange cause = cause(version);
            int count = cause == null ? withoutCause(version) : checkEvents(cause, version);
            for (int i = 0; i < count; i++) {
                states.add(decider.fold(
                        states.getLast(),
                        type.events().cast(log.get(version + i).event())));
            }
        }
        unmet.forEach(lost -> findings.add(
                Rule.LOST_EVENTS,
                aggregate,
                "%s: %s, but the log has other events there".formatted(lost.describe(), lost.result())));
        withoutEvents.forEach(this::checkAnswer);
    }

    private @Nullable Exchange cause(int version) {
        String id = causation(version);
        for (Exchange exchange : unmet) {
            if (exchange.handledAt() == version && exchange.call().commandId().equals(id)) {
                unmet.remove(exchange);
                return exchange;
            }
        }
        return null;
    }

    private @Nullable String causation(int index) {
        return log.get(index).header(HeaderName.CAUSATION_ID.key());
    }

    private int withoutCause(int version) {
        findings.add(
                Rule.EVENT_WITHOUT_COMMAND,
                aggregate,
                "version %d, %s, is caused by %s, of which no result says that it was accepted at version %d"
                        .formatted(version + 1, log.get(version).event(), causation(version), version));
        return 1;
    }

    /** @return how many events of the log are the command's */
    private int checkEvents(Exchange cause, int version) {
        List<AppendedEvent> claimed = cause.result().events();
        List<E> found = new ArrayList<>();
        for (int i = version;
                i < log.size() && cause.call().commandId().equals(causation(i)) && found.size() < claimed.size();
                i++) {
            found.add(type.events().cast(log.get(i).event()));
        }
        List<AppendedEvent> present = new ArrayList<>();
        found.forEach(event ->
                present.add(new AppendedEvent(event.getClass().getSimpleName(), version + 1L + present.size())));
        if (!present.equals(claimed)) {
            findings.add(
                    Rule.COMMAND_EVENTS,
                    aggregate,
                    "%s: %s, but the log has %s".formatted(cause.describe(), cause.result(), present));
        } else {
            checkDecision(cause, version, new Decision.Accepted<>(found));
        }
        return found.size();
    }

    private void checkAnswer(Exchange exchange) {
        var result = exchange.result();
        if (result.version() < 0 || result.version() > log.size()) {
            findings.add(
                    Rule.WRONG_ANSWER,
                    aggregate,
                    "%s names version %d, but the log ends at %d: %s"
                            .formatted(exchange.describe(), result.version(), log.size(), Decided.of(result)));
        } else {
            checkDecision(
                    exchange,
                    (int) result.version(),
                    result.outcome() == Outcome.ACCEPTED
                            ? Decision.accept()
                            : Decision.reject(String.valueOf(result.code()), String.valueOf(result.message())));
        }
    }

    private void checkDecision(Exchange exchange, int version, Decision<E> actual) {
        Long expected = exchange.call().expectedVersion();
        boolean conflicts = expected != null && expected != version;
        boolean toldConflict = actual instanceof Decision.Rejected<E>(String code, String message)
                && Objects.equals(code, CommandResult.VERSION_CONFLICT);
        if (conflicts != toldConflict) {
            findings.add(
                    Rule.EXPECTED_VERSION,
                    aggregate,
                    "%s was decided at version %d: %s".formatted(exchange.describe(), version, actual));
        } else if (!conflicts) {
            compare(exchange, version, actual);
        }
    }

    private void compare(Exchange exchange, int version, Decision<E> actual) {
        S state = states.get(version);
        Decision<E> right = decider.decide(type.commands().cast(exchange.call().command()), state);
        if (!right.equals(actual)) {
            findings.add(
                    exchange.hasEvents() ? Rule.WRONG_EVENTS : Rule.WRONG_ANSWER,
                    aggregate,
                    "%s gave %s at version %d; the decider says %s at the state %s"
                            .formatted(exchange.describe(), actual, version, right, state));
        }
    }
}
