package dev.annals.flightidentities;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A flight of a callsign, as it was told of so far. What it holds does not depend on the order in which that came.
 *
 * @param name its own part of its GUFI
 * @param origins where it departs, by all who told; sorted, and so are all lists
 * @param destinations where it is to land, by all who told, also before it was changed
 * @param departure the earliest that was told
 * @param from since when it is under way, by what was told
 * @param to until when, likewise
 * @param mergedInto GUFI of the flight that stands for this one, if it was merged
 */
public record IdentifiedFlight(
        String name,
        List<String> origins,
        List<String> destinations,
        @Nullable Instant departure,
        Instant from,
        Instant to,
        List<FlightAlias> aliases,
        List<String> codeshares,
        @Nullable String mergedInto) {

    /** Departures of one flight by several systems, of which one has the schedule and another a delay. */
    static final Duration WINDOW = Duration.ofHours(6);

    /** Of each list. In what is recorded it is 12 at most. */
    static final int MAX_NAMES = 64;

    static IdentifiedFlight opened(String name, Sighting seen) {
        Span span = seen.span();
        return new IdentifiedFlight(
                        name, List.of(), List.of(), null, span.from(), span.to(), List.of(), List.of(), null)
                .told(seen);
    }

    IdentifiedFlight told(Sighting seen) {
        Span span = span().and(seen.span());
        return new IdentifiedFlight(
                name,
                with(origins, seen.origin()),
                with(destinations, seen.destination()),
                earliest(seen.departure()),
                span.from(),
                span.to(),
                seen.externalId() == null ? aliases : withAlias(seen.channel(), seen.externalId(), seen.at()),
                with(codeshares, seen.codeshare()),
                mergedInto);
    }

    IdentifiedFlight merged(String into) {
        return new IdentifiedFlight(name, origins, destinations, departure, from, to, aliases, codeshares, into);
    }

    Span span() {
        return new Span(from, to);
    }

    boolean isFull() {
        return Stream.of(origins, destinations, aliases, codeshares).anyMatch(list -> list.size() > MAX_NAMES);
    }

    /** Whether the message can be about this flight, as far as airports and times tell. */
    boolean mayBe(Sighting seen) {
        boolean namedSo = alias(seen) != null;
        return distance(seen).compareTo(WINDOW) <= 0
                && (namedSo
                        || (!isCalledOtherwise(seen)
                                && agrees(origins, seen.origin())
                                && agrees(destinations, seen.destination())));
    }

    /** A channel that has two names means two flights, unless both are of the same time to the millisecond. */
    private boolean isCalledOtherwise(Sighting seen) {
        return seen.externalId() != null
                && aliases.stream()
                        .filter(alias -> alias.channel().equals(seen.channel()))
                        .anyMatch(alias -> !alias.span().equals(Span.at(seen.at())));
    }

    /**
     * Of departures where both are known: who flies there and back under one callsign is under way for hours. Under a
     * name that the flight has, of the time that it is under way: a departure may have been put off.
     */
    Duration distance(Sighting seen) {
        return departure != null && seen.departure() != null && alias(seen) == null
                ? Duration.between(departure, seen.at()).abs()
                : span().distance(seen.at());
    }

    /** When this flight has had the name by which the message calls it; null if it never had. */
    @Nullable
    Span alias(Sighting seen) {
        return seen.externalId() == null ? null : alias(seen.channel(), seen.externalId());
    }

    private @Nullable Span alias(String channel, String externalId) {
        return aliases.stream()
                .filter(each -> each.is(channel, externalId))
                .map(FlightAlias::span)
                .findFirst()
                .orElse(null);
    }

    private List<FlightAlias> withAlias(String channel, String externalId, Instant at) {
        Span before = alias(channel, externalId);
        Span span = before == null ? Span.at(at) : before.and(Span.at(at));
        return Stream.concat(
                        aliases.stream().filter(each -> !each.is(channel, externalId)),
                        Stream.of(new FlightAlias(channel, externalId, span.from(), span.to())))
                .sorted(Comparator.comparing(FlightAlias::channel).thenComparing(FlightAlias::externalId))
                .toList();
    }

    private @Nullable Instant earliest(@Nullable Instant told) {
        if (told == null) {
            return departure;
        }
        Instant other = Span.at(told).from();
        return departure == null || other.isBefore(departure) ? other : departure;
    }

    private static boolean agrees(List<String> known, @Nullable String told) {
        return told == null || known.isEmpty() || known.contains(told);
    }

    private static List<String> with(List<String> known, @Nullable String told) {
        if (told == null || known.contains(told)) {
            return known;
        }
        List<String> more = new ArrayList<>(known);
        more.add(told);
        more.sort(Comparator.naturalOrder());
        return List.copyOf(more);
    }
}
