package dev.annals.imports;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.flightidentities.FlightIdentitiesDomain;
import dev.annals.flightidentities.Intake;
import dev.annals.flightidentities.IntakeProcess;
import dev.annals.flights.Flight;
import dev.annals.flights.FlightsDomain;
import dev.annals.imports.CommandSource.Outgoing;
import dev.annals.testkit.SimulatedHost;
import dev.annals.testsupport.RealData;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What comes of recorded messages by the domain's own rules: registers, process and flights. Callsigns have nothing to
 * do with each other, so one after the other is as good as all at once.
 */
class IntakeTest {

    private static final int PRODUCERS = 8;

    private static Map<String, List<Object>> messages = Map.of();
    private static Map<String, Flight> inOrder = Map.of();

    @BeforeAll
    static void the_channels_come_one_after_another() {
        messages = Stream.of(
                        source(new Swim(), "flights/sfdps-msg.xml"),
                        source(new Swim(), "flights/tfmDataService.xml"),
                        source(new Sbs(), "flights/sbs.csv"),
                        source(new Sfo(), "flights/sfo_flights_2020-04-01_07.ndjson.gz"))
                .flatMap(source -> Files.commands(source).stream())
                .collect(Collectors.groupingBy(
                        Outgoing::aggregateId,
                        TreeMap::new,
                        Collectors.mapping(Outgoing::payload, Collectors.toList())));
        Map<String, Flight> all = new HashMap<>();
        messages.forEach((callsign, each) -> all.putAll(flights(callsign, List.of(each), 0)));
        inOrder = all;
    }

    /** Counted from the files by a program that is not ours: a receiver's callsigns tell of no plan and no position. */
    @Test
    void every_recorded_flight_is_there_with_its_last_plan_and_position() {
        assertThat(inOrder).hasSize(100 + 35 + 47 + 6_700);
        assertThat(inOrder.values().stream().filter(IntakeTest::hasPlan)).hasSize(100 + 35 + 6_700);
        assertThat(inOrder.values().stream().filter(flight -> flight.position() != null))
                .hasSize(100 + 35);
    }

    private static boolean hasPlan(Flight flight) {
        return flight.plan() != null && flight.plan().receivedAt() != null;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void in_random_order_by_eight_producers_they_lead_to_the_same_flights(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, Flight> all = new HashMap<>();
        messages.forEach((callsign, each) -> all.putAll(flights(callsign, dealt(each, random), random.nextLong())));

        assertThat(all).isEqualTo(inOrder);
    }

    /** To producers, each of which gets its messages in another order. */
    private static List<List<Object>> dealt(List<Object> messages, SplittableRandom random) {
        List<List<Object>> producers = IntStream.range(0, PRODUCERS)
                .<List<Object>>mapToObj(each -> new ArrayList<>())
                .toList();
        for (Object message : messages) {
            List<Object> producer = producers.get(random.nextInt(PRODUCERS));
            producer.add(random.nextInt(producer.size() + 1), message);
        }
        return producers;
    }

    private static Map<String, Flight> flights(String callsign, List<List<Object>> producers, long seed) {
        SimulatedHost<Intake> host = SimulatedHost.of(
                new IntakeProcess(), new FlightIdentitiesDomain().aggregate(), new FlightsDomain().aggregate());
        for (List<Object> producer : producers) {
            host = host.when(callsign, producer.toArray());
        }
        Map<String, Flight> flights = new HashMap<>();
        host.thenEnd(seed, end -> {
            assertThat(end.rejections()).isEmpty();
            assertThat(end.unanswered()).isEmpty();
            flights.putAll(end.states(Flight.class));
        });
        return flights;
    }

    private static Identities source(Channel channel, String file) {
        return new Identities(channel, List.of(InputFile.of(RealData.file(file))));
    }
}
