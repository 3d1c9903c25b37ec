package dev.annals.imports;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.imports.HotelBookings.Step;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What became of the rows of each hotel, by the results. Used by one thread at a time. */
final class BookingCounts implements BiConsumer<Step, CommandResult> {

    private final Map<String, Long> counts = new TreeMap<>();

    @Override
    public void accept(Step step, CommandResult result) {
        boolean accepted = result.outcome() == CommandResult.Outcome.ACCEPTED;
        switch (step.kind()) {
            case OPEN -> {} // is no row
            case RESERVE -> count(step, accepted ? "Accepted" : "Refused");
            case CANCEL -> count(step, accepted ? "Cancelled" : "NotCancelled");
        }
    }

    private void count(Step step, String what) {
        counts.merge(step.stay().hotel().key() + what, 1L, Long::sum);
    }

    /** By hotel and outcome, for instance {@code cityAccepted}. */
    Map<String, Long> counts() {
        return Collections.unmodifiableMap(counts);
    }
}
