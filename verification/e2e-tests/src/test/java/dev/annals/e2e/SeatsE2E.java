package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.annals.e2e.Installation.Ran;
import dev.annals.testsupport.RealData;
import java.net.http.HttpResponse;
import java.nio.file.Files;
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

/** Conferences that never oversell, from the door to the rows. One installation; the tests follow each other. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("long")
final class SeatsE2E {

    private static final JsonMapper JSON = new JsonMapper();

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
    void recorded_bookings_are_imported_to_the_last_seat() throws Exception {
        Path file = RealData.file("seats/hotel_bookings.csv.gz");

        JsonNode report = imported(file);

        assertThat(report.path("commands").asLong()).isEqualTo(1_586 + 119_390 + 43_017);
        assertThat(report.path("rejected")).isEmpty();
        assertThat(report.path("rows")).isEqualTo(JSON.readTree("""
                {"cityAccepted":79330,"cityCancelled":32186,"resortAccepted":40060,"resortCancelled":10831}"""));
        assertThat(report.path("views")).isEqualTo(JSON.readTree("""
                {"conferences":1586,"capacity":119390,"reserved":76373,"cityReserved":47144,"resortReserved":29229}"""));
        assertThat(report.path("sameAsInput").asBoolean()).isTrue();
        Ran verified = annals.run("verify", "seats");
        assertThat(verified.exitCode()).as(verified.toString()).isZero();
    }

    @Test
    @Order(2)
    void bookings_beyond_the_rooms_are_refused_and_a_second_import_changes_nothing(@TempDir Path folder)
            throws Exception {
        Path file = Files.writeString(folder.resolve("bookings.csv"), """
                hotel,lead_time,arrival_date_year,arrival_date_month,arrival_date_day_of_month,reservation_status,reservation_status_date
                City Hotel,9,2001,July,10,Canceled,2001-07-05
                City Hotel,8,2001,July,10,Canceled,2001-07-03
                City Hotel,1,2001,July,10,Check-Out,2001-07-11
                Resort Hotel,1,2001,July,10,No-Show,2001-07-10
                """);
        JsonNode first = imported(file, "--rooms", "1");
        JsonNode again = imported(file, "--rooms", "1");

        for (JsonNode report : List.of(first, again)) {
            assertThat(report.path("accepted").asLong()).isEqualTo(6);
            assertThat(report.path("rejected")).isEqualTo(JSON.readTree("""
                    {"not-enough-seats":1,"reservation-not-found":1}"""));
            assertThat(report.path("rows")).isEqualTo(JSON.readTree("""
                    {"cityAccepted":2,"cityCancelled":1,"cityNotCancelled":1,"cityRefused":1,"resortAccepted":1}"""));
        }
        assertThat(first.path("newlyAccepted").asLong()).isEqualTo(6);
        assertThat(again.path("newlyAccepted").asLong()).isZero();
        assertThat(again.path("replayed").asLong()).isEqualTo(8);
        JsonNode row = JSON.readTree(annals.get("/v1/seats/city:2001-07-10").body());
        assertThat(row.path("version").asLong()).isEqualTo(4);
        assertThat(row.path("reservations")).isEqualTo(JSON.readTree("{\"3\":1}"));
        JsonNode before = JSON.readTree(annals.get("/v1/seats/city:2001-07-10/state?at=2001-07-04T00:00:00Z")
                .body());
        assertThat(before.path("state").path("reservations")).isEqualTo(JSON.readTree("{\"1\":1}"));
    }

    private static JsonNode imported(Path file, String... options) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("import", "hotel-bookings", file.toString(), "--json"));
        arguments.addAll(List.of(options));
        Ran ran = annals.run(arguments.toArray(String[]::new));
        assertThat(ran.exitCode()).as(ran.toString()).isZero();
        assertThat(ran.json().path("failures")).isEmpty();
        return ran.json();
    }

    @Test
    @Order(3)
    void of_many_who_come_at_once_as_many_get_a_seat_as_there_are() throws Exception {
        assertThat(answer("OpenConference", "{\"name\":\"JavaZone\",\"capacity\":10}"))
                .isEqualTo("accepted");
        List<Callable<String>> clients = IntStream.range(0, 50)
                .<Callable<String>>mapToObj(
                        id -> () -> answer("ReserveSeats", "{\"reservationId\":\"r%d\",\"seats\":1}".formatted(id)))
                .toList();
        List<String> answers = new ArrayList<>();
        try (ExecutorService all = Executors.newFixedThreadPool(clients.size())) {
            for (Future<String> each : all.invokeAll(clients)) {
                answers.add(each.get());
            }
        }

        assertThat(answers).filteredOn("accepted"::equals).hasSize(10);
        assertThat(answers).filteredOn("not-enough-seats"::equals).hasSize(40);
        JsonNode row = JSON.readTree(
                annals.get("/v1/seats/javazone?min_version=11&timeout=10").body());
        assertThat(row.path("reserved").asInt()).isEqualTo(10);
        assertThat(row.path("available").asInt()).isZero();
        assertThat(row.path("reservations")).hasSize(10);
    }

    /** {@code accepted}, or the code of the rejection. */
    private static String answer(String command, String json) throws Exception {
        HttpResponse<String> response = annals.post("/v1/seats/javazone/" + command, json);
        JsonNode body = JSON.readTree(response.body());
        return body.path("code").asText(body.path("outcome").asText());
    }
}
