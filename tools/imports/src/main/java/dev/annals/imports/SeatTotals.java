package dev.annals.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.imports.CatchUp.LastRead;
import dev.annals.imports.CatchUp.Reached;
import dev.annals.imports.HotelBookings.Hotel;
import dev.annals.imports.ImportReport.Verdict;
import dev.annals.operations.ServiceClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the view says of all conferences. It is right if every conference of the input is in it with all that was
 * decided, and with the very reservations of the import's own books unless someone else has changed it too.
 *
 * @param figures of all conferences, also those that are not of the input
 * @param behind conferences of the input without all their events yet, for people
 * @param wrong conferences of the input with something else than the books have, for people
 * @param same whether these are all, and nobody else has changed any
 */
record SeatTotals(Map<String, Long> figures, List<String> behind, List<String> wrong, boolean same) {

    private static final int MAX_DIFFERENCES = 3;

    /** What the view says after the import whose books these are, by the conferences' ids. */
    static Verdict verdict(ServiceClient queries, Map<String, HotelDay> books) {
        LastRead<SeatTotals> last = new CatchUp<SeatTotals>().await(() -> read(queries, books), SeatTotals::reached);
        List<String> differences = new ArrayList<>();
        if (last.failure() != null) {
            differences.add(Objects.requireNonNull(last.failure().getMessage()));
        }
        SeatTotals totals = last.value();
        if (totals == null) {
            return new Verdict(Map.of(), false, differences);
        }
        Stream.of(totals.behind(), totals.wrong())
                .flatMap(each -> each.stream().limit(MAX_DIFFERENCES))
                .forEach(differences::add);
        return new Verdict(new LinkedHashMap<>(totals.figures()), totals.same(), differences);
    }

    /** What is wrong does not come right by waiting. */
    private Reached reached() {
        if (!behind.isEmpty()) {
            return Reached.NOT_ENOUGH;
        }
        return wrong.isEmpty() ? Reached.COMPLETE : Reached.ENOUGH;
    }

    static SeatTotals read(ServiceClient queries, Map<String, HotelDay> books) {
        Reading reading = new Reading(books);
        queries.forEachRow("seats", reading::add);
        return reading.totals();
    }

    private static final class Reading {

        private final Map<String, HotelDay> books;
        private final Map<String, Long> figures = new LinkedHashMap<>();
        private final List<String> behind = new ArrayList<>();
        private final List<String> wrong = new ArrayList<>();
        private long found;
        private long asInTheBooks;

        Reading(Map<String, HotelDay> books) {
            this.books = books;
            Stream.of("conferences", "capacity", "reserved").forEach(name -> figures.put(name, 0L));
            Stream.of(Hotel.values()).forEach(hotel -> figures.put(hotel.key() + "Reserved", 0L));
        }

        void add(JsonNode row) {
            String id = row.path("id").asText();
            long reserved = row.path("reserved").asLong();
            count("conferences", 1);
            count("capacity", row.path("capacity").asLong());
            count("reserved", reserved);
            Stream.of(Hotel.values())
                    .filter(hotel -> id.startsWith(hotel.key() + ":"))
                    .forEach(hotel -> count(hotel.key() + "Reserved", reserved));
            HotelDay day = books.get(id);
            if (day != null) {
                found++;
                compare(id, row, day);
            }
        }

        private void count(String name, long more) {
            figures.merge(name, more, Long::sum);
        }

        /** With more events than the books have, someone else has changed it too, and the rest says nothing. */
        private void compare(String id, JsonNode row, HotelDay day) {
            long version = row.path("version").asLong();
            if (version < day.version()) {
                behind.add("conference %s has version %d of %d".formatted(id, version, day.version()));
            } else if (version == day.version()) {
                Set<String> reservations = new HashSet<>();
                row.path("reservations").fieldNames().forEachRemaining(reservations::add);
                long reserved = row.path("reserved").asLong();
                long capacity = row.path("capacity").asLong();
                if (reserved != day.reservations().size() || capacity != day.capacity()) {
                    wrong.add("conference %s: the view has %d reserved of %d, the input %d of %d"
                            .formatted(
                                    id, reserved, capacity, day.reservations().size(), day.capacity()));
                } else if (!reservations.equals(day.reservations())) {
                    wrong.add("conference %s: the view has other reservations than the input".formatted(id));
                } else {
                    asInTheBooks++;
                }
            }
        }

        SeatTotals totals() {
            if (found < books.size()) {
                behind.add("%,d conferences are not there".formatted(books.size() - found));
            }
            boolean same = asInTheBooks == books.size() && figures.getOrDefault("conferences", 0L) == books.size();
            return new SeatTotals(figures, List.copyOf(behind), List.copyOf(wrong), same);
        }
    }
}
