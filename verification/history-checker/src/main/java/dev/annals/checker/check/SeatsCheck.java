package dev.annals.checker.check;

import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.LoggedEvent;
import dev.annals.seats.ConferenceEvent;
import dev.annals.seats.ConferenceEvent.CapacityChanged;
import dev.annals.seats.ConferenceEvent.ConferenceClosed;
import dev.annals.seats.ConferenceEvent.ConferenceOpened;
import dev.annals.seats.ConferenceEvent.ReservationCancelled;
import dev.annals.seats.ConferenceEvent.SeatsReserved;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What must hold of a conference at each of its versions, counted here and not by its decider: where {@link LogCheck}
 * says that the service did as the decider does, this says that the decider was right.
 */
final class SeatsCheck {

    private static final String SEATS = "seats";

    private final AggregateRef conference;
    private final Findings findings;
    private final Map<String, Integer> standing = new HashMap<>();
    private int capacity;
    private int reserved;

    private SeatsCheck(AggregateRef conference, Findings findings) {
        this.conference = conference;
        this.findings = findings;
    }

    static void check(EventStreams streams, Findings findings) {
        for (AggregateRef aggregate : streams.aggregates()) {
            if (aggregate.type().equals(SEATS)) {
                SeatsCheck check = new SeatsCheck(aggregate, findings);
                List<LoggedEvent> stream = streams.whole(aggregate).orElse(List.of());
                for (int i = 0; i < stream.size(); i++) {
                    check.take((ConferenceEvent) stream.get(i).event(), i + 1);
                }
            }
        }
    }

    private void take(ConferenceEvent event, int version) {
        switch (event) {
            case ConferenceOpened opened -> capacity = opened.capacity();
            case CapacityChanged changed -> capacity = changed.capacity();
            case SeatsReserved made -> {
                reserved += made.seats();
                Integer before = standing.put(made.reservationId(), made.seats());
                if (before != null) {
                    wrong(version, event, "it stands already, with %d seats".formatted(before));
                }
            }
            case ReservationCancelled cancelled -> {
                reserved -= cancelled.seats();
                Integer before = standing.remove(cancelled.reservationId());
                if (before == null || before != cancelled.seats()) {
                    wrong(version, event, before == null ? "it does not stand" : "it has %d seats".formatted(before));
                }
            }
            case ConferenceClosed closed -> {} // all stays as it is
        }
        if (reserved > capacity) {
            findings.add(
                    Rule.OVERSOLD,
                    conference,
                    "at version %d, after %s, %d of %d seats are reserved"
                            .formatted(version, event, reserved, capacity));
        }
    }

    private void wrong(int version, ConferenceEvent event, String why) {
        findings.add(Rule.RESERVATION, conference, "version %d is %s, but %s".formatted(version, event, why));
    }
}
