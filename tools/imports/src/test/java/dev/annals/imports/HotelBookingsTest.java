package dev.annals.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.api.Decision.Accepted;
import dev.annals.api.Decision.Rejected;
import dev.annals.imports.CommandSource.Outgoing;
import dev.annals.imports.HotelBookings.Kind;
import dev.annals.imports.HotelBookings.Step;
import dev.annals.operations.OperationFailedException;
import dev.annals.seats.Conference;
import dev.annals.seats.ConferenceCommand;
import dev.annals.seats.ConferenceCommand.CancelReservation;
import dev.annals.seats.ConferenceCommand.OpenConference;
import dev.annals.seats.ConferenceCommand.ReserveSeats;
import dev.annals.seats.ConferenceDecider;
import dev.annals.seats.ConferenceEvent;
import dev.annals.testsupport.RealData;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HotelBookingsTest {

    /** By hotel and status, and the bookings of both: counted from the file by a program that is not ours. */
    private static final Map<String, Long> RECORDED = Map.of(
            "cityAccepted", 79_330L, "cityCancelled", 32_186L, "resortAccepted", 40_060L, "resortCancelled", 10_831L);

    @Test
    void a_conference_is_opened_on_the_day_of_its_first_booking_with_a_room_for_each() {
        var commands = Files.commands(Files.hotels(
                null, "City Hotel,1,2016,July,1,Check-Out,2016-07-03", "City Hotel,30,2016,July,1,No-Show,2016-07-01"));

        assertThat(commands)
                .extracting(Outgoing::commandId)
                .containsExactly(
                        "hotel-bookings/city:2016-07-01/open", "hotel-bookings/2/reserve", "hotel-bookings/1/reserve");
        assertThat(commands).extracting(Outgoing::aggregateId).containsOnly("city:2016-07-01");
        assertThat(commands).extracting(Outgoing::expectedVersion).containsExactly(0L, 1L, 2L);
        assertThat(commands)
                .extracting(Outgoing::time)
                .containsExactly(
                        Instant.parse("2016-06-01T00:00:00Z"),
                        Instant.parse("2016-06-01T00:00:00Z"),
                        Instant.parse("2016-06-30T00:00:00Z"));
        assertThat(commands)
                .extracting(Outgoing::payload)
                .containsExactly(
                        new OpenConference("city:2016-07-01", 2), new ReserveSeats("2", 1), new ReserveSeats("1", 1));
    }

    @Test
    void a_canceled_row_is_cancelled_on_its_status_date() {
        var commands = Files.commands(Files.hotels(
                null,
                "Resort Hotel,10,2016,July,11,Canceled,2016-07-05",
                "Resort Hotel,8,2016,July,11,Check-Out,2016-07-12"));

        assertThat(commands)
                .extracting(Outgoing::payload)
                .containsExactly(
                        new OpenConference("resort:2016-07-11", 2),
                        new ReserveSeats("1", 1),
                        new ReserveSeats("2", 1),
                        new CancelReservation("1"));
        assertThat(commands.getLast().commandId()).isEqualTo("hotel-bookings/1/cancel");
        assertThat(commands.getLast().time()).isEqualTo(Instant.parse("2016-07-05T00:00:00Z"));
    }

    @Test
    void on_one_day_rows_keep_their_order_and_a_booking_comes_before_its_own_cancellation() {
        var commands = Files.commands(Files.hotels(
                null,
                "City Hotel,1,2016,July,2,Canceled,2016-07-01",
                "City Hotel,1,2016,July,2,Check-Out,2016-07-03",
                "Resort Hotel,1,2016,July,2,Check-Out,2016-07-03"));

        assertThat(commands)
                .extracting(it -> it.commandId().substring("hotel-bookings/".length()))
                .containsExactly(
                        "city:2016-07-02/open",
                        "resort:2016-07-02/open",
                        "1/reserve",
                        "1/cancel",
                        "2/reserve",
                        "3/reserve");
    }

    @Test
    void the_books_refuse_who_comes_when_all_rooms_are_taken_and_expect_no_version_for_it() {
        HotelBookings source = Files.hotels(
                1,
                "City Hotel,9,2016,July,10,Canceled,2016-07-05",
                "City Hotel,8,2016,July,10,Canceled,2016-07-03",
                "City Hotel,1,2016,July,10,Check-Out,2016-07-11");

        var commands = Files.commands(source);

        assertThat(commands)
                .extracting(it -> it.commandId().substring("hotel-bookings/".length()))
                .containsExactly("city:2016-07-10/open", "1/reserve", "2/reserve", "2/cancel", "1/cancel", "3/reserve");
        assertThat(commands).extracting(Outgoing::expectedVersion).containsExactly(0L, 1L, 2L, 2L, 2L, 3L);
        HotelDay day = source.books().get("city:2016-07-10");
        assertThat(day.version()).isEqualTo(4);
        assertThat(day.reservations()).containsExactly("3");
    }

    @Test
    void rows_are_numbered_through_all_files() {
        String columns = "hotel,lead_time,arrival_date_year,arrival_date_month,arrival_date_day_of_month,"
                + "reservation_status,reservation_status_date\n";
        InputFile file = Files.csv("half.csv", columns, "City Hotel,1,2016,July,1,Check-Out,2016-07-03");

        assertThat(Files.commands(new HotelBookings(List.of(file, file), null)))
                .extracting(it -> it.note().row())
                .containsExactly(0, 1, 2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Grand Hotel,1,2016,July,2,Check-Out,2016-07-03 | hotel 'Grand Hotel': expected City Hotel or Resort Hotel
            City Hotel,-1,2016,July,2,Check-Out,2016-07-03 | lead_time '-1': expected 0 to 3650
            City Hotel,1,16,July,2,Check-Out,2016-07-03    | arrival_date_year '16': expected 1900 to 2100
            City Hotel,1,2016,Juli,2,Check-Out,2016-07-03  | arrival_date_month 'Juli': expected a month such as July
            City Hotel,1,2015,February,29,Canceled,2015-02-28 | '29': expected a day of February 2015
            City Hotel,1,2016,July,2,Checked,2016-07-03    | reservation_status 'Checked': expected Canceled, Check-Out
            City Hotel,1,2016,July,2,Canceled,7/1/2016     | reservation_status_date '7/1/2016': expected a date
            City Hotel,1,2016,July,2,Canceled,2016-06-30   | expected no day before that of the booking, 2016-07-01
            """)
    void a_malformed_row_is_named(String row, String message) {
        HotelBookings source = Files.hotels(null, "City Hotel,1,2016,July,2,Check-Out,2016-07-03", row);

        assertThatThrownBy(source::survey)
                .isInstanceOf(OperationFailedException.class)
                .hasMessageStartingWith("hotels.csv, line 3: ")
                .hasMessageContaining(message);
    }

    @Test
    void every_recorded_booking_is_accepted_when_there_is_a_room_for_each() {
        Decided decided = Decided.of(recorded(null));

        assertThat(decided.rows).isEqualTo(RECORDED);
        assertThat(decided.rejected).isEmpty();
        assertThat(decided.conferences).hasSize(1_586);
        assertThat(decided.mostReserved).isEqualTo(227);
    }

    /** The figures are those of a fold in another language; rules, books and fold agree in each of 162,407 steps. */
    @Test
    void with_50_rooms_nothing_is_oversold_and_accepted_and_refused_are_the_input() {
        Decided decided = Decided.of(recorded(50));

        assertThat(decided.mostReserved).isEqualTo(50);
        assertThat(decided.rejected).isEqualTo(Map.of("not-enough-seats", 22_449L, "reservation-not-found", 7_126L));
        assertThat(decided.sum("Accepted")).isEqualTo(96_941);
        assertThat(decided.sum("Accepted") + decided.sum("Refused")).isEqualTo(119_390);
        assertThat(decided.sum("Cancelled") + decided.sum("NotCancelled")).isEqualTo(43_017);
    }

    private static HotelBookings recorded(@Nullable Integer rooms) {
        return new HotelBookings(List.of(InputFile.of(RealData.file("seats/hotel_bookings.csv.gz"))), rooms);
    }

    /** All commands of a source, decided by the domain one after the other. */
    private static final class Decided {

        private final ConferenceDecider decider = new ConferenceDecider();
        private final Map<String, Conference> conferences = new HashMap<>();
        private final Map<String, Long> versions = new HashMap<>();
        private final Map<String, Long> rows = new TreeMap<>();
        private final Map<String, Long> rejected = new TreeMap<>();
        private int mostReserved;

        static Decided of(HotelBookings source) {
            Decided decided = new Decided();
            source.survey();
            source.forEach(decided::decide);
            source.books().forEach((id, day) -> {
                assertThat(day.version()).isEqualTo(decided.versions.get(id));
                assertThat(day.reservations())
                        .isEqualTo(decided.conferences.get(id).reservations().keySet());
            });
            return decided;
        }

        private void decide(Outgoing<Step> command) {
            String id = command.aggregateId();
            assertThat(command.expectedVersion()).isEqualTo(versions.getOrDefault(id, 0L));
            Conference before = conferences.getOrDefault(id, decider.initial());
            switch (decider.decide((ConferenceCommand) command.payload(), before)) {
                case Accepted<ConferenceEvent> accepted -> {
                    Conference after = decider.evolve(before, accepted.events().getFirst());
                    conferences.put(id, after);
                    versions.merge(id, 1L, Long::sum);
                    mostReserved = Math.max(mostReserved, after.reservations().size());
                    count(command.note(), "Accepted", "Cancelled");
                }
                case Rejected<ConferenceEvent> no -> {
                    rejected.merge(no.code(), 1L, Long::sum);
                    count(command.note(), "Refused", "NotCancelled");
                }
            }
        }

        private void count(Step step, String reserved, String cancelled) {
            if (step.kind() != Kind.OPEN) {
                String what = step.kind() == Kind.RESERVE ? reserved : cancelled;
                rows.merge(step.stay().hotel().key() + what, 1L, Long::sum);
            }
        }

        long sum(String what) {
            return rows.entrySet().stream()
                    .filter(each ->
                            each.getKey().equals("city" + what) || each.getKey().equals("resort" + what))
                    .mapToLong(Map.Entry::getValue)
                    .sum();
        }
    }
}
