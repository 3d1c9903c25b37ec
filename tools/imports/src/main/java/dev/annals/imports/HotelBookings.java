package dev.annals.imports;

import dev.annals.imports.HotelBookings.Step;
import dev.annals.seats.ConferenceCommand.CancelReservation;
import dev.annals.seats.ConferenceCommand.OpenConference;
import dev.annals.seats.ConferenceCommand.ReserveSeats;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The bookings of two hotels (Antonio, de Almeida and Nunes, 2019; DOI 10.1016/j.dib.2018.11.126), a row a booking: a
 * hotel and an arrival date are a conference, and each row reserves one of its seats. The reservation has the row's
 * number as its id, since the data have none of their own, and is made so many days before the arrival as the row says;
 * a row that is {@code Canceled} cancels it again.
 *
 * <p>Commands come in the order of their days; on one day each conference that begins is opened first, and then rows
 * stand in the order of the input, a reservation before its own cancellation. Each command expects the version that
 * those before it leave, so nothing is reserved twice even when the service has forgotten the ids of an earlier import.
 * The input is not sorted by time, so all of it is kept in memory: 15 MB for 119,390 rows.
 */
final class HotelBookings implements CommandSource<Step> {

    private static final String HOTEL = "hotel";
    private static final String LEAD_TIME = "lead_time";
    private static final String YEAR = "arrival_date_year";
    private static final String MONTH = "arrival_date_month";
    private static final String DAY = "arrival_date_day_of_month";
    private static final String STATUS = "reservation_status";
    private static final String STATUS_DATE = "reservation_status_date";
    private static final List<String> COLUMNS = List.of(HOTEL, LEAD_TIME, YEAR, MONTH, DAY, STATUS, STATUS_DATE);

    private static final int FIRST_YEAR = 1900;
    private static final int LAST_YEAR = 2100;

    /** Ten years; in the data it is two at most. */
    private static final int MAX_LEAD_TIME = 3650;

    private final List<InputFile> files;
    private final @Nullable Integer rooms;
    private final List<Step> steps = new ArrayList<>();
    private final Map<Stay, Integer> bookings = new HashMap<>();

    enum Hotel {
        CITY,
        RESORT;

        /** In ids and figures. */
        String key() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** A conference: all bookings of one hotel that arrive on one day. */
    record Stay(Hotel hotel, LocalDate arrival) {

        String id() {
            return hotel.key() + ":" + arrival;
        }
    }

    enum Kind {
        OPEN,
        RESERVE,
        CANCEL
    }

    /**
     * What becomes a command.
     *
     * @param row its number in the input, from 1; 0 of an opening
     */
    record Step(Kind kind, LocalDate day, Stay stay, int row) {}

    /** @param rooms capacity of each conference; null: as many as it has rows, so that none is refused */
    HotelBookings(List<InputFile> files, @Nullable Integer rooms) {
        this.files = List.copyOf(files);
        this.rooms = rooms;
    }

    @Override
    public String name() {
        return "hotel-bookings";
    }

    @Override
    public String aggregateType() {
        return "seats";
    }

    @Override
    public List<Class<? extends Record>> payloads() {
        return List.of(OpenConference.class, ReserveSeats.class, CancelReservation.class);
    }

    @Override
    public Survey survey() {
        steps.clear();
        bookings.clear();
        Map<Stay, LocalDate> begins = new LinkedHashMap<>();
        List<Step> ofRows = new ArrayList<>();
        int[] rows = {0};
        CsvRow.forEach(files, COLUMNS, row -> {
            Step reservation = reservation(row, ++rows[0]);
            ofRows.add(reservation);
            bookings.merge(reservation.stay(), 1, Integer::sum);
            begins.merge(reservation.stay(), reservation.day(), (one, other) -> one.isBefore(other) ? one : other);
            if (isCanceled(row)) {
                ofRows.add(cancellation(row, reservation));
            }
        });
        begins.forEach((stay, day) -> steps.add(new Step(Kind.OPEN, day, stay, 0)));
        steps.addAll(ofRows);
        steps.sort(Comparator.comparing(Step::day)); // stable: within a day as they were added
        return new Survey(steps.size(), Map.of());
    }

    @Override
    public void forEach(Consumer<Outgoing<Step>> commands) {
        fold((step, before) -> commands.accept(command(step, before)));
    }

    /** What must come of the input, by the conference's id; empty before {@link #survey}. */
    Map<String, HotelDay> books() {
        return fold((step, before) -> {});
    }

    /** @param each is given every step with the books that it finds */
    private Map<String, HotelDay> fold(BiConsumer<Step, HotelDay> each) {
        Map<String, HotelDay> books = new LinkedHashMap<>();
        for (Step step : steps) {
            HotelDay day = books.computeIfAbsent(step.stay().id(), id -> new HotelDay(capacity(step.stay())));
            each.accept(step, day);
            day.take(step);
        }
        return books;
    }

    private int capacity(Stay stay) {
        return rooms == null ? bookings.getOrDefault(stay, 0) : rooms;
    }

    private Outgoing<Step> command(Step step, HotelDay before) {
        String conference = step.stay().id();
        String reservation = Integer.toString(step.row());
        Record payload = switch (step.kind()) {
            case OPEN -> new OpenConference(conference, before.capacity());
            case RESERVE -> new ReserveSeats(reservation, 1);
            case CANCEL -> new CancelReservation(reservation);
        };
        String what = step.kind().name().toLowerCase(Locale.ROOT);
        return new Outgoing<>(
                conference,
                "%s/%s/%s".formatted(name(), step.kind() == Kind.OPEN ? conference : reservation, what),
                payload,
                step.day().atStartOfDay().toInstant(ZoneOffset.UTC),
                before.version(),
                step);
    }

    private static Step reservation(CsvRow row, int number) {
        Stay stay = new Stay(hotel(row), arrival(row));
        int leadTime = number(row, LEAD_TIME, 0, MAX_LEAD_TIME);
        return new Step(Kind.RESERVE, stay.arrival().minusDays(leadTime), stay, number);
    }

    private static Step cancellation(CsvRow row, Step reservation) {
        LocalDate day = row.parsed(STATUS_DATE, "a date such as 2016-07-01", LocalDate::parse);
        if (day.isBefore(reservation.day())) {
            throw row.invalid(STATUS_DATE, "no day before that of the booking, " + reservation.day());
        }
        return new Step(Kind.CANCEL, day, reservation.stay(), reservation.row());
    }

    private static boolean isCanceled(CsvRow row) {
        return switch (row.text(STATUS)) {
            case "Canceled" -> true;
            case "Check-Out", "No-Show" -> false;
            default -> throw row.invalid(STATUS, "Canceled, Check-Out or No-Show");
        };
    }

    private static Hotel hotel(CsvRow row) {
        return switch (row.text(HOTEL)) {
            case "City Hotel" -> Hotel.CITY;
            case "Resort Hotel" -> Hotel.RESORT;
            default -> throw row.invalid(HOTEL, "City Hotel or Resort Hotel");
        };
    }

    private static LocalDate arrival(CsvRow row) {
        int year = number(row, YEAR, FIRST_YEAR, LAST_YEAR);
        Month month = row.parsed(MONTH, "a month such as July", text -> Month.valueOf(text.toUpperCase(Locale.ROOT)));
        return row.parsed(
                DAY,
                "a day of %s %d".formatted(row.text(MONTH), year),
                text -> LocalDate.of(year, month, Integer.parseInt(text)));
    }

    private static int number(CsvRow row, String column, int least, int most) {
        int number = row.wholeNumber(column);
        if (number < least || number > most) {
            throw row.invalid(column, "%d to %d".formatted(least, most));
        }
        return number;
    }
}
