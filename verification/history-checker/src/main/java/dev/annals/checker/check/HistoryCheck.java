package dev.annals.checker.check;

import dev.annals.api.AggregateType;
import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.History;
import dev.annals.checker.history.History.Sighting;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks a history against every {@link Rule}, except {@link Rule#NOT_RECOVERED}, which a history does not show. */
public final class HistoryCheck {

    private HistoryCheck() {}

    /**
     * What does not hold; empty if all does.
     *
     * @param types of the aggregates in the history
     * @param partitions of each events topic
     */
    public static List<Finding> of(History history, Collection<AggregateType<?, ?, ?>> types, int partitions) {
        Findings findings = new Findings();
        Exchanges exchanges = Exchanges.join(history, findings);
        EventStreams streams = EventStreams.of(history.events(), partitions, findings);
        Map<String, AggregateType<?, ?, ?>> byName =
                types.stream().collect(Collectors.toMap(AggregateType::name, type -> type));
        Map<AggregateRef, List<Sighting>> sightings =
                history.sightings().stream().collect(Collectors.groupingBy(Sighting::aggregate));
        SeatsCheck.check(streams, findings);
        TransfersCheck.check(streams, findings);
        ProcessCheck.check(history.journal(), history.calls(), findings);
        Set<AggregateRef> aggregates = new LinkedHashSet<>(exchanges.aggregates());
        aggregates.addAll(streams.aggregates());
        for (AggregateRef aggregate : aggregates) {
            AggregateType<?, ?, ?> type = byName.get(aggregate.type());
            if (type == null) {
                findings.add(Rule.EVENT_ADDRESS, aggregate, "there is no such aggregate type");
                continue;
            }
            List<Exchange> ofAggregate = exchanges.of(aggregate);
            CommandIds.check(ofAggregate, findings);
            RealTime.check(
                    exchanges.calls(aggregate), sightings.getOrDefault(aggregate, List.of()), ofAggregate, findings);
            streams.whole(aggregate)
                    .ifPresent(log -> new LogCheck<>(aggregate, type, log, ofAggregate, findings).check());
        }
        return findings.toList();
    }
}
