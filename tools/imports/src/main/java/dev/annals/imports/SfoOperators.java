package dev.annals.imports;

import dev.annals.imports.Channel.Counts;
import dev.annals.imports.Sfo.Flight;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which flight operates each of those that are sold.
 *
 * <ol>
 *   <li>The one that the record names ({@code base_flight_id}).
 *   <li>Of records that name none, and have the same journey and the same scheduled, estimated and actual times: those
 *       of partners are one flight, where partners are airlines of which one sells the other's flights by any record
 *       that names it. Which of them operates nobody says; it is taken for the one that others name, else the one with
 *       most partners, else the lowest number, since airlines give high numbers to what they only sell. A wrong guess
 *       is still one flight.
 *   <li>Itself. Where others have its journey and times, and none is a partner, nobody can tell whether it is theirs;
 *       nor is it where one airline has two of them, since none sells its own flights twice.
 * </ol>
 */
final class SfoOperators {

    private final Map<String, String> derived;

    private SfoOperators(Map<String, String> derived) {
        this.derived = derived;
    }

    private record Times(String journey, boolean departs, Instant scheduled, Instant estimated, Instant actual) {

        static Times of(Flight flight) {
            return new Times(
                    flight.journey(), flight.departs(), flight.scheduled(), flight.estimated(), flight.actual());
        }
    }

    private record Partners(Set<List<String>> pairs) {

        static Partners of(List<Flight> flights) {
            Set<List<String>> pairs = new HashSet<>();
            for (Flight flight : flights) {
                if (flight.base() != null) {
                    String other = flight.base().split("-", -1)[2];
                    pairs.add(List.of(flight.airline(), other));
                    pairs.add(List.of(other, flight.airline()));
                }
            }
            return new Partners(pairs);
        }

        boolean are(Flight one, Flight other) {
            return !one.airline().equals(other.airline()) && pairs.contains(List.of(one.airline(), other.airline()));
        }

        long count(Flight flight, List<Flight> among) {
            return among.stream().filter(other -> are(flight, other)).count();
        }
    }

    /** @param counts is told how each codeshare was found, and of what can't be told */
    static SfoOperators of(List<Flight> flights, Counts counts) {
        Partners partners = Partners.of(flights);
        Set<String> named =
                flights.stream().map(Flight::base).filter(Objects::nonNull).collect(Collectors.toSet());
        Map<String, String> derived = new HashMap<>();
        Map<Times, List<Flight>> alike = flights.stream()
                .filter(flight -> flight.base() == null)
                .collect(Collectors.groupingBy(Times::of, LinkedHashMap::new, Collectors.toList()));
        for (List<Flight> group : alike.values()) {
            List<Flight> left = new ArrayList<>(group);
            while (!left.isEmpty()) {
                Flight operating = operating(left, named, partners);
                left.remove(operating);
                List<Flight> sold = new ArrayList<>(left);
                sold.removeIf(other -> !partners.are(operating, other) || named.contains(other.id()));
                boolean twice = sold.stream().map(Flight::airline).distinct().count() < sold.size();
                if (sold.isEmpty() || twice) {
                    if (group.size() > 1) {
                        counts.row("codesharesUndecided");
                    }
                    continue;
                }
                left.removeAll(sold);
                sold.forEach(other -> {
                    derived.put(other.id(), operating.id());
                    counts.row("codesharesByTimes");
                });
            }
        }
        flights.stream().filter(flight -> flight.base() != null).forEach(flight -> counts.row("codesharesNamed"));
        return new SfoOperators(derived);
    }

    private static Flight operating(List<Flight> left, Set<String> named, Partners partners) {
        return left.stream()
                .min(Comparator.<Flight>comparingInt(flight -> named.contains(flight.id()) ? 0 : 1)
                        .thenComparingLong(flight -> -partners.count(flight, left))
                        .thenComparingInt(flight ->
                                flight.callsign().length() - flight.airline().length())
                        .thenComparing(flight ->
                                flight.callsign().substring(flight.airline().length()))
                        .thenComparing(Flight::id))
                .orElseThrow();
    }

    /** Of the flight that operates. */
    String id(Flight flight) {
        return flight.base() == null ? derived.getOrDefault(flight.id(), flight.id()) : flight.base();
    }
}
