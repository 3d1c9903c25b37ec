package dev.annals.checker.check;

import dev.annals.checker.history.Call;
import dev.annals.checker.history.LoggedResult;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;

/** A call whose command was handled, with the result that stands in the log. */
record Exchange(Call call, LoggedResult logged) {

    CommandResult result() {
        return logged.result();
    }

    boolean isReuse() {
        return CommandResult.IDEMPOTENCY_KEY_REUSED.equals(result().code());
    }

    boolean isReplay() {
        return result().replayed();
    }

    boolean isFailure() {
        return result().outcome() == Outcome.FAILED;
    }

    /** Whether the command was decided here, rather than answered from what was decided before. */
    boolean isDecision() {
        return !isReplay() && !isReuse() && !isFailure();
    }

    boolean hasEvents() {
        return result().outcome() == Outcome.ACCEPTED && !result().events().isEmpty();
    }

    /** The version at which the command was handled: before its events, if it has any. */
    long handledAt() {
        return result().version() - (hasEvents() ? result().events().size() : 0);
    }

    String describe() {
        return call.describe() + ", " + logged.place();
    }
}
