package dev.annals.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.imports.HotelBookings.Hotel;
import dev.annals.imports.ImportReport.Verdict;
import dev.annals.operations.ServiceClient;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the view says of all conferences. It is right if every conference of the input is in it with all that was
 * decided, and with the very reservations of the import's own books unless someone else has changed it too.
 */
final class SeatTotals {

    private SeatTotals() {}

    /** What the view says after the import whose books these are, by the conferences' ids. */
    static Verdict verdict(ServiceClient queries, Map<String, HotelDay> books) {
        return RowTotals.verdict(() -> read(queries, books));
    }

    static RowTotals read(ServiceClient queries, Map<String, HotelDay> books) {
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

        RowTotals totals() {
            if (found < books.size()) {
                behind.add("%,d conferences are not there".formatted(books.size() - found));
            }
            boolean same = asInTheBooks == books.size() && figures.getOrDefault("conferences", 0L) == books.size();
            return new RowTotals(figures, behind, wrong, same);
        }
    }
}
