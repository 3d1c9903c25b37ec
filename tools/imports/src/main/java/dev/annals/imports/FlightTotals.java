package dev.annals.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.imports.CatchUp.LastRead;
import dev.annals.imports.CatchUp.Reached;
import dev.annals.imports.IffFlight.Track;
import dev.annals.imports.ImportReport.Verdict;
import dev.annals.operations.ServiceClient;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the view says of all flights. It is right if every flight of the input is in it with all that was decided, and
 * with the last plan and the last point of the import's own books unless someone else has changed it too.
 *
 * @param figures of all flights, also those that are not of the input
 * @param behind flights of the input without all their events yet, for people
 * @param wrong flights of the input with something else than the books have, for people
 * @param same whether these are all, and nobody else has changed any
 */
record FlightTotals(Map<String, Long> figures, List<String> behind, List<String> wrong, boolean same) {

    private static final int MAX_DIFFERENCES = 3;

    /** What the view says after the import whose books these are, by the flights' ids. */
    static Verdict verdict(ServiceClient queries, Map<String, IffFlight> books) {
        LastRead<FlightTotals> last =
                new CatchUp<FlightTotals>().await(() -> read(queries, books), FlightTotals::reached);
        List<String> differences = new ArrayList<>();
        if (last.failure() != null) {
            differences.add(Objects.requireNonNull(last.failure().getMessage()));
        }
        FlightTotals totals = last.value();
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

    static FlightTotals read(ServiceClient queries, Map<String, IffFlight> books) {
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

        FlightTotals totals() {
            if (found < books.size()) {
                behind.add("%,d flights are not there".formatted(books.size() - found));
            }
            boolean same = asInTheBooks == books.size() && figures.getOrDefault("flights", 0L) == books.size();
            return new FlightTotals(figures, List.copyOf(behind), List.copyOf(wrong), same);
        }
    }
}
