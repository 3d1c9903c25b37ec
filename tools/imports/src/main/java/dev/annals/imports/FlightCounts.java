package dev.annals.imports;

import dev.annals.engine.deciding.CommandResult;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** What became of the records of plans and track points, by the results. Used by one thread at a time. */
final class FlightCounts implements BiConsumer<Iff.Kind, CommandResult> {

    private final Map<String, Long> counts = new TreeMap<>();

    @Override
    public void accept(Iff.Kind kind, CommandResult result) {
        if (kind != Iff.Kind.CREATE) { // is no record
            String outcome = result.outcome() == CommandResult.Outcome.ACCEPTED ? "sAccepted" : "sRefused";
            counts.merge(kind.name().toLowerCase(Locale.ROOT) + outcome, 1L, Long::sum);
        }
    }

    /** By kind and outcome, for instance {@code plansAccepted}, and how many of them move nothing by the books. */
    Map<String, Long> counts(Collection<IffFlight> books) {
        Map<String, Long> all = new TreeMap<>(counts);
        all.put("late", books.stream().mapToLong(IffFlight::late).sum());
        return all;
    }
}
