package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Installation.Ran;
import dev.annals.testsupport.RealData;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Flights and their identities, from the door to the rows. One installation; the tests follow each other. */
@Tag("long")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class FlightsE2E {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String IFF = "flights/IFF_NCT_20200822_131310_155950.csv.gz";
    private static final String SFO = "flights/sfo_flights_2020-04-01_07.ndjson.gz";

    private static Installation annals;

    @BeforeAll
    static void everything_starts(@TempDir Path folder) throws Exception {
        annals = new Installation(folder);
        Ran up = annals.up();
        assertThat(up.exitCode()).as(up.toString()).isZero();
    }

    @AfterAll
    static void everything_stops() throws Exception {
        annals.stop();
    }

    /** The figures were counted from the file by a program that is not ours. */
    @Test
    @Order(1)
    void recorded_plans_and_tracks_are_imported_to_the_last_of_each_flight() throws Exception {
        Path file = RealData.file(IFF);
        JsonNode report = imported("iff", file);

        assertThat(report.path("commands").asLong()).isEqualTo(65 + 136 + 19_730);
        assertThat(report.path("rejected")).isEmpty();
        assertThat(report.path("rows")).isEqualTo(JSON.readTree("""
                {"late":1,"plansAccepted":136,"tracksAccepted":19730}"""));
        assertThat(report.path("views")).isEqualTo(JSON.readTree("""
                {"flights":65,"withPlan":64,"withPosition":65}"""));
        assertThat(report.path("sameAsInput").asBoolean()).isTrue();

        JsonNode again = imported("iff", file);
        assertThat(again.path("newlyAccepted").asLong()).isZero();
        assertThat(again.path("replayed").asLong()).isEqualTo(65 + 136 + 19_730);
        verified("flights");
        verified("airport-flights");
    }

    @Test
    @Order(2)
    void a_flight_is_found_by_its_callsign_and_under_its_airports() throws Exception {
        RealData.file(IFF);
        JsonNode flights = get("/v1/flights?callsign=N1708W").path("items");

        assertThat(flights).hasSize(1);
        assertThat(flights.get(0).path("id").asText()).isEqualTo("NCT-20200822-22858");
        assertThat(flights.get(0).path("origin").asText()).isEqualTo("FNW");
        assertThat(callsigns("VIS")).containsExactly("N1708W");
        assertThat(callsigns("FNW")).containsExactly("N1708W");
        assertThat(callsigns("NTE")).doesNotContain("N1708W");
        assertThat(get("/v1/flights/NCT-20200822-22858/events?limit=2").path("items"))
                .extracting(event -> event.path("type").asText())
                .containsExactly("annals.flights.FlightCreated", "annals.flights.PlanFiled");
    }

    @Test
    @Order(3)
    void messages_of_four_channels_side_by_side_lead_to_one_id_for_each_flight() throws Exception {
        RealData.file(SFO);
        List<Callable<JsonNode>> imports = List.of(
                () -> imported("swim", RealData.file("flights/sfdps-msg.xml")),
                () -> imported("swim", RealData.file("flights/tfmDataService.xml")),
                () -> imported("sbs", RealData.file("flights/sbs.csv")),
                () -> imported("sfo", RealData.file(SFO)));
        List<JsonNode> reports = allAtOnce(imports);

        assertThat(reports)
                .extracting(report -> report.path("commands").asInt())
                .containsExactly(100, 36, 49, 11_781);
        assertThat(reports)
                .extracting(report -> report.path("newlyAccepted").asInt())
                .containsExactly(100, 36, 49, 11_781);
        JsonNode again = imported("sfo", RealData.file(SFO));
        assertThat(again.path("newlyAccepted").asLong()).isZero();
        assertThat(again.path("rows")).isEqualTo(JSON.readTree("""
                {"codesharesByTimes":633,"codesharesNamed":4958,"codesharesUndecided":127}"""));
        assertThat(again.path("views").path("flights").asInt()).isEqualTo(100 + 35 + 47 + 6_700);
        assertThat(again.path("sameAsInput").asBoolean()).isFalse(); // there are those of the other channels
        verified("flight-identities");
    }

    /**
     * Beside the 65 of the facility, of which one has no plan; a receiver's callsigns tell neither plan nor position.
     */
    @Test
    @Order(4)
    void what_they_say_becomes_flights_with_their_last_plan_and_position() throws Exception {
        RealData.file(SFO);
        FlightPictures.Picture whole = new FlightPictures.Picture(
                65 + 100 + 35 + 47 + 6_700,
                64 + 100 + 35 + 6_700,
                65 + 100 + 35,
                (65 + 136 + 19_730) + (6_882 + 100 + 36 + 11_781 + 136));
        FlightPictures.await(annals, whole);

        JsonNode flight = get("/v1/flights/BUP777.20131219T2357");
        assertThat(flight.path("origin").asText()).isEqualTo("KBUR");
        assertThat(flight.path("destination").asText()).isEqualTo("KOAK");
        assertThat(flight.path("position").path("latitude").asDouble()).isEqualTo(35.885);
        assertThat(flight.path("position").path("groundSpeed").asDouble()).isEqualTo(427);
        verified("flights");
        verified("flight-intake");
    }

    @Test
    @Order(5)
    void a_flight_is_found_by_the_names_that_others_give_it() throws Exception {
        RealData.file(SFO);

        assertThat(get("/v1/flight-identities?codeshare=AAL7050").path("items"))
                .extracting(row -> row.path("id").asText())
                .containsExactly("CSN657");
        JsonNode row = get("/v1/flight-identities?alias=sfdps:fefe80e1-e654-4186-be88-1fb554cc84d7")
                .path("items")
                .path(0);
        assertThat(row.path("flights").path(0).path("gufi").asText()).isEqualTo("BUP777.20131219T2357");
        JsonNode event =
                get("/v1/flight-identities/BUP777/events").path("items").path(0);
        assertThat(event.path("data").path("message").path("text").asText())
                .startsWith("<message ")
                .endsWith("</message>");
    }

    @Test
    @Order(6)
    void of_many_channels_that_tell_of_a_new_flight_at_once_all_find_the_same() throws Exception {
        List<Callable<String>> clients = IntStream.range(0, 40)
                .<Callable<String>>mapToObj(channel ->
                        () -> answer("/v1/flight-identities/ANL454/Identify", """
                        {"channel":"channel-%d","externalId":"x","origin":"EDDF","destination":"KSFO",
                         "departure":"2022-04-10T08:20:00Z","time":"2022-04-10T08:%02d:00Z",
                         "message":{"text":"%d","mediaType":"text/plain"}}""".formatted(channel, channel, channel)))
                .toList();

        assertThat(allAtOnce(clients)).hasSize(40).containsOnly("accepted");
        JsonNode row = get("/v1/flight-identities/ANL454?min_version=40&timeout=10");
        assertThat(row.path("flights")).hasSize(1);
        assertThat(row.path("flights").path(0).path("gufi").asText()).isEqualTo("ANL454.20220410T0820");
        assertThat(row.path("aliases")).hasSize(40);
    }

    @Test
    @Order(7)
    void a_destination_is_changed_only_with_an_arrival_route_that_belongs_to_it() throws Exception {
        assertThat(answer("/v1/flights/e2e/CreateFlight", """
                {"callsign":"SWA123","origin":"KLAX","destination":"KSFO","star":"SERFR4"}""")).isEqualTo("accepted");
        assertThat(answer("/v1/flights/e2e/AmendFlight", "{\"destination\":\"KOAK\"}"))
                .isEqualTo("star-not-valid-for-destination");
        assertThat(answer("/v1/flights/e2e/AmendFlight", "{\"destination\":\"KOAK\",\"star\":\"EMZOH4\"}"))
                .isEqualTo("accepted");
        assertThat(answer("/v1/flights/e2e/RecordTrack", """
                {"time":"2022-04-10T10:00:00Z","latitude":36.1,"longitude":-121.36184}""")).isEqualTo("accepted");
        assertThat(answer("/v1/flights/e2e/RecordTrack", """
                {"time":"2022-04-10T09:59:59Z","latitude":36.0,"longitude":-121.36184}""")).isEqualTo("accepted");

        JsonNode row = get("/v1/flights/e2e?min_version=4&timeout=10");
        assertThat(row.path("destination").asText()).isEqualTo("KOAK");
        assertThat(row.path("position").path("latitude").asDouble()).isEqualTo(36.1);
        assertThat(get("/v1/airport-flights/e2e?min_version=4&timeout=10").path("airports"))
                .isEqualTo(JSON.readTree("[\"KLAX\",\"KOAK\"]"));
    }

    private static List<String> callsigns(String airport) throws Exception {
        List<String> callsigns = new ArrayList<>();
        get("/v1/airport-flights?airport=" + airport)
                .path("items")
                .forEach(row -> callsigns.add(row.path("callsign").asText()));
        return callsigns;
    }

    private static <T> List<T> allAtOnce(List<Callable<T>> calls) throws Exception {
        List<T> results = new ArrayList<>();
        try (ExecutorService all = Executors.newFixedThreadPool(calls.size())) {
            for (Future<T> each : all.invokeAll(calls)) {
                results.add(each.get());
            }
        }
        return results;
    }

    private static JsonNode imported(String what, Path file) throws Exception {
        Ran ran = annals.run("import", what, file.toString(), "--json");
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        assertThat(ran.json().path("failures")).isEmpty();
        return ran.json();
    }

    private static void verified(String name) throws Exception {
        Ran verified = annals.run("verify", name);
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
    }

    private static JsonNode get(String path) throws Exception {
        return JSON.readTree(annals.get(path).body());
    }

    /** {@code accepted}, or the code of the rejection. */
    private static String answer(String path, String json) throws Exception {
        HttpResponse<String> response = annals.post(path, json);
        JsonNode body = JSON.readTree(response.body());
        return body.path("code").asText(body.path("outcome").asText());
    }
}
