package dev.annals.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.imports.IffFlight.Track;
import dev.annals.imports.ImportReport.Verdict;
import dev.annals.operations.ServiceClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the view says of all flights. It is right if every flight of the input is in it with all that was decided, and
 * with the last plan and the last point of the import's own books unless someone else has changed it too.
 */
final class FlightTotals {

    private FlightTotals() {}

    /** What the view says after the import whose books these are, by the flights' ids. */
    static Verdict verdict(ServiceClient queries, Map<String, IffFlight> books) {
        return RowTotals.verdict(() -> read(queries, books));
    }

    static RowTotals read(ServiceClient queries, Map<String, IffFlight> books) {
        Reading reading = new Reading(books);
        queries.forEachRow("flights", reading::add);
        return reading.totals();
    }

    private static final class Reading {

        private final Map<String, IffFlight> books;
        private final Map<String, Long> figures = new LinkedHashMap<>();
        private final List<String> behind = new ArrayList<>();
        private final List<String> wrong = new ArrayList<>();
        private long found;
        private long asInTheBooks;

        Reading(Map<String, IffFlight> books) {
            this.books = books;
            Stream.of("flights", "withPlan", "withPosition").forEach(name -> figures.put(name, 0L));
        }

        void add(JsonNode row) {
            count("flights", true);
            count("withPlan", row.path("planReceivedAt").isTextual());
            count("withPosition", row.path("position").isObject());
            IffFlight flight = books.get(row.path("id").asText());
            if (flight != null) {
                found++;
                compare(row, flight);
            }
        }

        private void count(String name, boolean one) {
            figures.merge(name, one ? 1L : 0L, Long::sum);
        }

        /** With more events than the books have, someone else has changed it too, and the rest says nothing. */
        private void compare(JsonNode row, IffFlight flight) {
            String id = row.path("id").asText();
            long version = row.path("version").asLong();
            if (version < flight.version()) {
                behind.add("flight %s has version %d of %d".formatted(id, version, flight.version()));
            } else if (version == flight.version()) {
                String here = plan(row) + " " + position(row.path("position"));
                String expected = plan(flight.plan()) + " " + position(flight.track());
                if (here.equals(expected)) {
                    asInTheBooks++;
                } else {
                    wrong.add("flight %s: the view has %s, the input %s".formatted(id, here, expected));
                }
            }
        }

        private static String plan(JsonNode row) {
            return "%s %s-%s"
                    .formatted(
                            row.path("callsign").asText(),
                            row.path("origin").asText(),
                            row.path("destination").asText());
        }

        private static String plan(IffFlight.Plan plan) {
            return "%s %s-%s".formatted(plan.callsign(), plan.origin(), plan.destination());
        }

        private static String position(JsonNode position) {
            return position.isObject()
                    ? "at %s/%s at %s"
                            .formatted(
                                    position.path("latitude").asDouble(),
                                    position.path("longitude").asDouble(),
                                    Instant.parse(position.path("time").asText()))
                    : "nowhere";
        }

        private static String position(@Nullable Track track) {
            return track == null
                    ? "nowhere"
                    : "at %s/%s at %s".formatted(track.latitude(), track.longitude(), track.time());
        }

        RowTotals totals() {
            if (found < books.size()) {
                behind.add("%,d flights are not there".formatted(books.size() - found));
            }
            boolean same = asInTheBooks == books.size() && figures.getOrDefault("flights", 0L) == books.size();
            return new RowTotals(figures, behind, wrong, same);
        }
    }
}
