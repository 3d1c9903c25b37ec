package dev.annals.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.api.Decision.Accepted;
import dev.annals.flights.Flight;
import dev.annals.flights.FlightCommand;
import dev.annals.flights.FlightCommand.CreateFlight;
import dev.annals.flights.FlightCommand.FilePlan;
import dev.annals.flights.FlightCommand.RecordTrack;
import dev.annals.flights.FlightDecider;
import dev.annals.flights.FlightEvent;
import dev.annals.imports.CommandSource.Outgoing;
import dev.annals.operations.OperationFailedException;
import dev.annals.testsupport.RealData;
import java.io.FileInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IffTest {

    private static final String FLIGHT = "NCT-20200822-22858";

    @Test
    void a_flight_is_created_with_its_first_plan_and_then_each_record_is_a_command() {
        List<Outgoing<Iff.Kind>> commands = Files.commands(extract()).stream()
                .filter(each -> each.aggregateId().equals(FLIGHT))
                .toList();

        Instant departure = Instant.parse("2020-08-22T22:00:00Z");
        assertThat(commands)
                .extracting(Outgoing::payload)
                .containsExactly(
                        new CreateFlight("N1708W", "MAE", "NTE", null, departure, "BE35", null),
                        new FilePlan("N1708W", "MAE", "NTE", null, departure, "BE35", null, at(1598131998225L)),
                        new FilePlan("N1708W", "MAE", "VIS", null, departure, "BE35", null, at(1598132042878L)),
                        new FilePlan("N1708W", "FNW", "VIS", null, null, "BE35", null, at(1598133170139L)),
                        new RecordTrack(at(1598131982849L), 36.99090, -120.11530, 300.0, 97.0),
                        new RecordTrack(at(1598131987625L), 36.99241, -120.11709, 400.0, 97.0),
                        new RecordTrack(at(1598131991651L), 36.99378, -120.11871, 400.0, 102.0));
        assertThat(commands).extracting(Outgoing::expectedVersion).containsExactly(0L, 1L, 2L, 3L, 4L, 5L, 6L);
        assertThat(commands)
                .extracting(Outgoing::commandId)
                .startsWith("iff/" + FLIGHT + "/0", "iff/" + FLIGHT + "/1")
                .doesNotHaveDuplicates();
        assertThat(commands).extracting(Outgoing::time).contains(at(1598131998225L), at(1598131982849L));
    }

    @Test
    void a_flight_without_a_plan_has_no_airports() {
        assertThat(Files.commands(extract()))
                .filteredOn(each -> each.aggregateId().equals("NCT-20200822-22796"))
                .extracting(Outgoing::payload)
                .first()
                .isEqualTo(new CreateFlight("5215", "?", "?", null, null, null, null));
    }

    @Test
    void headers_are_skipped_and_every_record_is_counted() {
        Iff source = extract();

        assertThat(source.survey().skipped()).isEqualTo(Map.of("header-records", 1L));
        assertThat(source.survey().commands()).isEqualTo(2 + 3 + 5);
    }

    @Test
    void a_plan_to_an_airport_that_nobody_knows_is_sent_and_leaves_the_books_as_they_are() {
        Iff source = iff(
                plan("10.5", "SJC", "XXXX"), plan("11", "SJC", "OAK"), plan("10", "SJC", "RNO"), track("12", "37.5"));
        List<Outgoing<Iff.Kind>> commands = Files.commands(source);

        assertThat(commands).extracting(Outgoing::expectedVersion).containsExactly(0L, 1L, 1L, 2L, 3L);
        IffFlight flight = source.books().values().iterator().next();
        assertThat(flight.version()).isEqualTo(4);
        assertThat(flight.plan().destination()).isEqualTo("OAK");
        assertThat(flight.late()).isEqualTo(1);
        assertThat(folded(commands).values())
                .singleElement()
                .satisfies(
                        state -> assertThat(Objects.requireNonNull(state.plan()).destination())
                                .isEqualTo("OAK"));
    }

    @ParameterizedTest
    @CsvSource({
        "'3,x,1,,,NCT,,A,1,1,1,,,,,,','line 1: time ''x'''",
        "'3,1,one,,,NCT,,A,1,1,1,,,,,,','line 1: flight key ''one'''",
        "'3,1,1,,,NCT,,A,1,north,1,,,,,,','line 1: latitude ''north'''",
        "'3,1,1,,,NCT','line 1: expected at least 17 values, got 6'",
        "'4,1,1,,,NCT,,A,1,B737,SJC,OAK,N,,,,,,,,,,,25xx,P','line 1: coordination time ''25xx'''"
    })
    void what_is_malformed_is_found_before_anything_is_sent(String line, String message) {
        assertThatThrownBy(iff(line)::survey)
                .isInstanceOf(OperationFailedException.class)
                .hasMessageContaining(message);
    }

    /** Found without ours: the last plan and the last point of each key in the file, by their times. */
    @Test
    void the_recording_leads_to_the_last_plan_and_the_last_point_of_each_flight() throws Exception {
        Path file = RealData.file("flights/IFF_NCT_20200822_131310_155950.csv.gz");
        Iff source = new Iff(List.of(InputFile.of(file)));

        List<Outgoing<Iff.Kind>> commands = Files.commands(source);

        assertThat(commands).hasSize(65 + 136 + 19_730);
        Map<String, Flight> flights = folded(commands);
        assertThat(flights).hasSize(65);
        assertThat(flights.keySet()).allMatch(id -> id.matches("NCT-20200822-\\d+"));
        Map<String, String> expected = lastByTime(file);
        Map<String, IffFlight> books = source.books();
        flights.forEach((id, flight) -> {
            String key = id.substring(id.lastIndexOf('-') + 1);
            assertThat(flight.position()).isNotNull();
            assertThat(flight.position().latitude() + "," + flight.position().longitude())
                    .isEqualTo(expected.get("3" + key));
            String airports = Objects.requireNonNull(flight.plan()).origin() + ","
                    + flight.plan().destination();
            assertThat(airports).isEqualTo(expected.getOrDefault("4" + key, "?,?"));
            IffFlight book = Objects.requireNonNull(books.get(id));
            assertThat(book.plan().origin() + "," + book.plan().destination()).isEqualTo(airports);
            assertThat(Objects.requireNonNull(book.track()).time())
                    .isEqualTo(flight.position().time());
        });
    }

    private static Map<String, String> lastByTime(Path file) throws Exception {
        Map<String, Double> times = new HashMap<>();
        Map<String, String> last = new TreeMap<>();
        try (var in = new GZIPInputStream(new FileInputStream(file.toFile()))) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                List<String> values = List.of(line.split(",", -1));
                String key = values.get(0) + values.get(2);
                double time = Double.parseDouble(values.get(1));
                if (!values.get(0).equals("2") && time > times.getOrDefault(key, 0.0)) {
                    times.put(key, time);
                    last.put(
                            key,
                            values.get(0).equals("3")
                                    ? Double.valueOf(values.get(9)) + "," + Double.valueOf(values.get(10))
                                    : values.get(10) + "," + values.get(11));
                }
            }
        }
        return last;
    }

    /** By the domain's own rules; every command must find the version that it expects. */
    private static Map<String, Flight> folded(List<Outgoing<Iff.Kind>> commands) {
        FlightDecider decider = new FlightDecider();
        Map<String, Flight> flights = new TreeMap<>();
        Map<String, Long> versions = new HashMap<>();
        List<Long> expected = new ArrayList<>();
        for (Outgoing<Iff.Kind> command : commands) {
            String id = command.aggregateId();
            Flight flight = flights.getOrDefault(id, decider.initial());
            expected.add(versions.getOrDefault(id, 0L));
            if (decider.decide((FlightCommand) command.payload(), flight) instanceof Accepted<FlightEvent> accepted) {
                for (FlightEvent event : accepted.events()) {
                    flight = decider.fold(flight, event);
                    versions.merge(id, 1L, Long::sum);
                }
                flights.put(id, flight);
            }
        }
        assertThat(commands.stream().map(Outgoing::expectedVersion).toList()).isEqualTo(expected);
        return flights;
    }

    private static Instant at(long millis) {
        return Instant.ofEpochMilli(millis);
    }

    private static String plan(String time, String origin, String destination) {
        return "4,%s,1,,,NCT,AIG200,SWA541,1,B738,%s,%s,N,,,,,?,,I,J,D,/D,2115,E".formatted(time, origin, destination);
    }

    private static String track(String time, String latitude) {
        return "3,%s,1,,,NCT,AIG200,SWA541,1,%s,-122.1,77.00,,,,,144".formatted(time, latitude);
    }

    private static Iff iff(String... lines) {
        return new Iff(List.of(Files.bytes(
                "iff.csv", String.join("\n", Stream.of(lines).toList()).getBytes(StandardCharsets.UTF_8))));
    }

    private static Iff extract() {
        return new Iff(List.of(Files.resource("flights/iff.csv")));
    }
}
