package dev.annals.imports;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The real flights of the input: the import's own books, kept without the domain whose rules they check.
 *
 * @param messages of each callsign, with the real flight that each is about
 * @param flights how many real ones there are
 */
record IdentityBooks(Map<String, List<About>> messages, long flights) {

    /** Flights that are alike, and no further apart than this, are one. */
    private static final Duration APART = Duration.ofHours(6);

    /** @param flight a number that no other flight has */
    record About(Told told, long flight) {}

    static IdentityBooks of(List<Told> messages) {
        Map<String, List<Told>> alike = messages.stream()
                .sorted(Comparator.comparing(Told::at)) // stable
                .collect(Collectors.groupingBy(
                        told -> told.callsign() + " " + told.flight(), LinkedHashMap::new, Collectors.toList()));
        Map<String, List<About>> byCallsign = new LinkedHashMap<>();
        long flights = 0;
        for (List<Told> each : alike.values()) {
            Instant last = null;
            for (Told told : each) {
                if (last == null || Duration.between(last, told.at()).compareTo(APART) > 0) {
                    flights++;
                }
                last = told.at();
                byCallsign
                        .computeIfAbsent(told.callsign(), callsign -> new ArrayList<>())
                        .add(new About(told, flights));
            }
        }
        return new IdentityBooks(byCallsign, flights);
    }

    List<About> of(String callsign) {
        return Objects.requireNonNullElse(messages.get(callsign), List.of());
    }
}
