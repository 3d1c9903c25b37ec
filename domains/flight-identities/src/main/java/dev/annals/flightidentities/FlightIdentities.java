package dev.annals.flightidentities;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The flights of a callsign, the latest {@value #MAX_FLIGHTS}. So the state does not grow with those that there were.
 *
 * @param flights sorted by the time they began
 * @param knownSince no flight that ended before may be known any more, so none is opened; null while all are
 */
public record FlightIdentities(
        List<IdentifiedFlight> flights, @Nullable Instant knownSince) {

    static final FlightIdentities NONE = new FlightIdentities(List.of(), null);

    /** A week of a callsign that is used four times a day. */
    static final int MAX_FLIGHTS = 32;

    private static final DateTimeFormatter NAME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmm", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Comparator<IdentifiedFlight> BY_END =
            Comparator.comparing(IdentifiedFlight::to).thenComparing(IdentifiedFlight::name);

    Optional<IdentifiedFlight> named(String name) {
        return flights.stream().filter(flight -> flight.name().equals(name)).findFirst();
    }

    /**
     * The flight that a message is about: the one that is called so at that time; else, of those that it can be, the
     * nearest in time.
     */
    Optional<IdentifiedFlight> of(Sighting seen) {
        Span at = Span.at(seen.at());
        Optional<IdentifiedFlight> calledSo = flights.stream()
                .filter(flight -> {
                    Span alias = flight.alias(seen);
                    return alias != null && alias.meets(at);
                })
                .findFirst();
        return calledSo.or(() -> flights.stream()
                .filter(flight -> flight.mayBe(seen) && mayBeCalledSo(flight, seen))
                .min(Comparator.<IdentifiedFlight, Duration>comparing(flight -> flight.distance(seen))
                        .thenComparing(flight -> flight.alias(seen) == null)
                        .thenComparing(IdentifiedFlight::name)));
    }

    /** No two flights have one name at the same time. */
    private boolean mayBeCalledSo(IdentifiedFlight flight, Sighting seen) {
        Span before = flight.alias(seen);
        Span span = before == null ? Span.at(seen.at()) : before.and(Span.at(seen.at()));
        return flights.stream()
                .filter(other -> !other.equals(flight))
                .map(other -> other.alias(seen))
                .filter(Objects::nonNull)
                .noneMatch(span::meets);
    }

    /** Whether a flight of that time could have been here and left. */
    boolean isTooLate(Instant at) {
        boolean wouldLeaveAtOnce =
                flights.size() >= MAX_FLIGHTS && flights.stream().allMatch(flight -> at.isBefore(flight.to()));
        return wouldLeaveAtOnce || (knownSince != null && at.isBefore(knownSince));
    }

    /** The own part of the GUFI of a new flight: the minute by which it is known, and a number where that is taken. */
    String nameFor(Instant at) {
        String name = NAME.format(at);
        String free = name;
        for (int number = 2; named(free).isPresent(); number++) {
            free = name + "-" + number;
        }
        return free;
    }

    FlightIdentities with(IdentifiedFlight changed) {
        List<IdentifiedFlight> all = new ArrayList<>(flights);
        all.removeIf(flight -> flight.name().equals(changed.name()));
        all.add(changed);
        Instant since = knownSince;
        while (all.size() > MAX_FLIGHTS) {
            IdentifiedFlight leaving = all.stream().min(BY_END).orElseThrow();
            all.remove(leaving);
            Instant end = leaving.to().plus(IdentifiedFlight.WINDOW);
            since = since == null || end.isAfter(since) ? end : since;
        }
        all.sort(Comparator.comparing(IdentifiedFlight::from).thenComparing(IdentifiedFlight::name));
        return new FlightIdentities(List.copyOf(all), since);
    }
}
