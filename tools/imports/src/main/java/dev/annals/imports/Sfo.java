package dev.annals.imports;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.flightidentities.IdentityCommand.Identify;
import dev.annals.flightidentities.Message;
import dev.annals.flightidentities.PlanReport;
import dev.annals.flights.ReferenceData;
import dev.annals.operations.OperationFailedException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Flights of San Francisco airport, a JSON object a line (SFO Museum): arrivals and departures, each under all flight
 * numbers under which it is sold. {@link SfoOperators} says which flight operates. What the register is told of a
 * flight (airports, times) is what the record of that flight says, or the first of its codeshares where it has none: so
 * it does not depend on what comes first, and a codeshare that is a day off, as some are, is still the same flight.
 */
final class Sfo implements Channel {

    private static final JsonMapper JSON = new JsonMapper();

    /**
     * A line.
     *
     * @param id of the flight as it is sold, for instance {@code 20200401-A-AAL-1095}
     * @param base that of the flight that operates, where the line names it
     */
    record Flight(
            RecordedLine line,
            String id,
            @Nullable String base,
            String airline,
            String callsign,
            boolean departs,
            String journey,
            Instant scheduled,
            Instant estimated,
            Instant actual) {}

    @Override
    public String name() {
        return "sfo";
    }

    @Override
    public void read(List<InputFile> files, Consumer<Told> messages, Counts counts) {
        List<Flight> flights = new ArrayList<>();
        RecordedLine.forEach(files, line -> flights.add(flight(line)));
        SfoOperators operators = SfoOperators.of(flights, counts);
        Map<String, Flight> facts = new HashMap<>();
        for (Flight flight : flights) {
            facts.merge(operators.id(flight), flight, (one, other) -> {
                String id = operators.id(one);
                boolean better = other.id().equals(id)
                        || (!one.id().equals(id) && other.id().compareTo(one.id()) < 0);
                return better ? other : one;
            });
        }
        for (Flight flight : flights) {
            String id = operators.id(flight);
            messages.accept(told(flight, id, facts.getOrDefault(id, flight)));
        }
    }

    private Told told(Flight flight, String id, Flight fact) {
        String operating = callsign(id);
        String[] airports = fact.journey().split("-", -1);
        return new Told(
                operating,
                new Identify(
                        name(),
                        id,
                        icao(airports[0]),
                        icao(airports[1]),
                        fact.departs() ? fact.scheduled() : null,
                        fact.scheduled(),
                        flight.callsign().equals(operating) ? null : flight.callsign(),
                        new Message(flight.line().text(), "application/json"),
                        new PlanReport(null, null, null),
                        null),
                fact.journey());
    }

    private static String icao(String code) {
        return ReferenceData.shipped().icao(code).orElse(code);
    }

    /** Airline and number at the end of an id. */
    static String callsign(String id) {
        String[] parts = id.split("-", -1);
        return parts[parts.length - 2] + parts[parts.length - 1];
    }

    private static Flight flight(RecordedLine line) {
        JsonNode json = json(line);
        String id = text(line, json, "sfomuseum:flight_id", "20\\d{6}-[AD]-[A-Z0-9]{2,3}-[A-Z0-9]+");
        JsonNode base = json.path("sfomuseum:base_flight_id");
        return new Flight(
                line,
                id,
                base.isMissingNode()
                        ? null
                        : text(line, json, "sfomuseum:base_flight_id", "20\\d{6}-[AD]-[A-Z0-9]{2,3}-[A-Z0-9]+"),
                id.split("-", -1)[2],
                callsign(id),
                text(line, json, "flysfo:event", "[AD]").equals("D"),
                text(line, json, "flysfo:journey", "[A-Z]{3}-[A-Z]{3}"),
                time(line, json, "flysfo:scheduled_timestamp"),
                time(line, json, "flysfo:estimated_timestamp"),
                time(line, json, "flysfo:actual_timestamp"));
    }

    private static JsonNode json(RecordedLine line) {
        try {
            return JSON.readTree(line.text());
        } catch (JsonProcessingException e) {
            throw new OperationFailedException(
                    "%s, line %d: expected a JSON object: %s"
                            .formatted(line.file(), line.number(), e.getOriginalMessage()),
                    e);
        }
    }

    private static String text(RecordedLine line, JsonNode json, String field, String pattern) {
        String text = json.path(field).asText();
        if (!text.matches(pattern)) {
            throw line.invalid(field, text, "what matches " + pattern);
        }
        return text;
    }

    private static Instant time(RecordedLine line, JsonNode json, String field) {
        JsonNode seconds = json.path(field);
        if (!seconds.canConvertToLong()) {
            throw line.invalid(field, seconds.asText(), "seconds since 1970");
        }
        return Instant.ofEpochSecond(seconds.asLong());
    }
}
