package dev.annals.checker.check;

import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.LoggedEvent;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The events of each aggregate, in the order of the log; checks their addresses and versions. */
final class EventStreams {

    private final Map<AggregateRef, List<LoggedEvent>> streams = new LinkedHashMap<>();
    private final Set<AggregateRef> broken = new LinkedHashSet<>();
    private final Findings findings;

    private EventStreams(Findings findings) {
        this.findings = findings;
    }

    static EventStreams of(List<LoggedEvent> events, int partitions, Findings findings) {
        EventStreams streams = new EventStreams(findings);
        events.forEach(event -> streams.add(event, partitions));
        return streams;
    }

    Set<AggregateRef> aggregates() {
        return streams.keySet();
    }

    /** The stream of an aggregate, from version 1; none where it has gaps or doubles, since it then says nothing. */
    Optional<List<LoggedEvent>> whole(AggregateRef aggregate) {
        return broken.contains(aggregate) ? Optional.empty() : Optional.of(streams.getOrDefault(aggregate, List.of()));
    }

    private void add(LoggedEvent event, int partitions) {
        EventKey key;
        try {
            key = EventKey.parse(event.key());
        } catch (IllegalArgumentException e) {
            findings.add(Rule.EVENT_ADDRESS, event.type(), String.valueOf(e.getMessage()));
            return;
        }
        AggregateRef aggregate = new AggregateRef(event.type(), key.aggregateId());
        checkAddress(aggregate, key, event, partitions);
        List<LoggedEvent> stream = streams.computeIfAbsent(aggregate, any -> new ArrayList<>());
        stream.add(event);
        if (key.version() != stream.size() && broken.add(aggregate)) {
            findings.add(
                    Rule.EVENT_VERSIONS,
                    aggregate,
                    "version %d stands where version %d belongs (offset %d of partition %d): %s, caused by %s"
                            .formatted(
                                    key.version(),
                                    stream.size(),
                                    event.offset(),
                                    event.partition(),
                                    event.event(),
                                    event.header(HeaderName.CAUSATION_ID.key())));
        }
    }

    private void checkAddress(AggregateRef aggregate, EventKey key, LoggedEvent event, int partitions) {
        boolean agrees = aggregate.id().equals(event.header(HeaderName.SUBJECT.key()))
                && EventKey.digits(key.version()).equals(event.header(HeaderName.SEQUENCE.key()))
                && "%s/%d".formatted(aggregate, key.version()).equals(event.header(HeaderName.ID.key()))
                && event.partition() == AggregateIds.partition(aggregate.id(), partitions);
        if (!agrees) {
            findings.add(
                    Rule.EVENT_ADDRESS,
                    aggregate,
                    "the key %s in partition %d has headers %s"
                            .formatted(event.key(), event.partition(), event.headers()));
        }
    }
}
