package dev.annals.imports;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.imports.ImportReport.Verdict;
import dev.annals.imports.OnlineRetail.Sale;
import dev.annals.operations.ServiceClient;
import dev.annals.testsupport.http.FakeService;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The views, read page by page and compared with the input, against a server that answers as the query service does.
 */
class ViewsTest {

    private static final String NOTHING = "{\"items\":[],\"nextCursor\":null}";

    private final FakeService service = new FakeService();
    private final ServiceClient queries = new ServiceClient("query service", URI.create(service.url()));

    ViewsTest() throws IOException {}

    @AfterEach
    void stop() {
        service.close();
    }

    @Test
    void totals_are_read_over_all_pages() {
        service.answer(
                        200,
                        "{\"items\":[{\"country\":\"France\",\"orders\":1,\"lines\":2,\"total\":\"10.5\"}],\"nextCursor\":\"c/1\"}")
                .answer(
                        200,
                        "{\"items\":[{\"country\":\"United Kingdom\",\"orders\":2,\"lines\":3,\"total\":\"1.0005\"}],\"nextCursor\":null}")
                .answer(
                        200,
                        "{\"items\":["
                                + customerOrder("a", "PLACED", "5")
                                + ","
                                + customerOrder("b", "CANCELLED", "100")
                                + ","
                                + customerOrder("a", "PAID", "6.5")
                                + "],\"nextCursor\":null}");

        SalesTotals totals = SalesTotals.read(queries);

        assertThat(totals)
                .isEqualTo(new SalesTotals(
                        new Sums(3, 5, new BigDecimal("11.5005")),
                        2,
                        new BigDecimal("1.0005"),
                        3,
                        1,
                        new SalesTotals.Customer("a", 2, new BigDecimal("11.50"))));
        assertThat(service.requests())
                .extracting(FakeService.Request::target)
                .containsExactly(
                        "/v1/country-sales?limit=1000",
                        "/v1/country-sales?limit=1000&cursor=c%2F1",
                        "/v1/customer-orders?limit=1000");
    }

    @Test
    void views_that_have_grown_by_what_was_accepted_agree() {
        service.answer(200, NOTHING).answer(200, NOTHING);
        SalesCheck check = new SalesCheck(queries);
        views(1, "10.50").answer(200, order(1, "10.50"));

        Verdict verdict = check.verdict(books());

        assertThat(verdict.differences()).isEmpty();
        assertThat(verdict.same()).isTrue();
    }

    @Test
    void other_orders_in_the_installation_do_no_harm_and_are_told() {
        views(7, "100");
        SalesCheck check = new SalesCheck(queries);
        views(8, "110.50").answer(200, order(1, "10.50"));

        Verdict verdict = check.verdict(books());

        assertThat(verdict.differences()).isEmpty();
        assertThat(verdict.same()).isFalse();
    }

    @Test
    void an_order_with_another_total_is_a_difference_unless_it_has_changed_since() {
        service.answer(200, NOTHING).answer(200, NOTHING);
        SalesCheck check = new SalesCheck(queries);
        views(1, "10.50").answer(200, order(1, "99"));
        assertThat(check.verdict(books()).differences())
                .singleElement()
                .asString()
                .contains("order 1", "99.00", "10.50");

        views(1, "10.50").answer(200, order(2, "99"));
        assertThat(check.verdict(books()).differences()).isEmpty();
    }

    @Test
    void an_accepted_order_without_a_row_is_a_difference() {
        service.answer(200, NOTHING).answer(200, NOTHING);
        SalesCheck check = new SalesCheck(queries);
        views(1, "10.50").answer(504, "{\"code\":\"version-not-reached\",\"detail\":\"not there\"}");

        assertThat(check.verdict(books()).differences())
                .singleElement()
                .asString()
                .contains("order 1", "version-not-reached");
    }

    @Test
    void accounts_agree_only_with_every_booking_of_the_input() {
        Berka source = Files.berka("1,1,1996-01-01,credit,,,10,10", "2,1,1996-01-01,credit,,,5,5");
        source.survey();

        service.answer(200, rows(account("1", 2, "10.00"), account("2", 2, "5")));
        assertThat(AccountTotals.read(queries, source.statements()).agrees()).isTrue();

        service.answer(200, rows(account("1", 2, "10.00")));
        assertThat(AccountTotals.read(queries, source.statements()).behind())
                .containsExactly("1 accounts are not there");

        service.answer(200, rows(account("1", 2, "10.00"), account("2", 1, "0")));
        assertThat(AccountTotals.read(queries, source.statements()).behind())
                .containsExactly("account 2 has version 1 of 2");

        service.answer(200, rows(account("1", 2, "10.01"), account("2", 2, "5")));
        assertThat(AccountTotals.read(queries, source.statements()).wrong())
                .singleElement()
                .asString()
                .contains("account 1", "10.01", "10");
    }

    @Test
    void an_account_that_others_have_booked_on_too_says_nothing() {
        Berka source = Files.berka("1,1,1996-01-01,credit,,,10,10");
        source.survey();
        service.answer(200, rows(account("1", 3, "77"), account("ada", 2, "1")));

        AccountTotals totals = AccountTotals.read(queries, source.statements());

        assertThat(totals.agrees()).isTrue();
        assertThat(totals.accounts()).isEqualTo(2);
        assertThat(totals.balances()).isEqualByComparingTo("78");
    }

    @Test
    void seats_agree_only_with_the_very_reservations_of_the_books() {
        HotelBookings source = Files.hotels(
                1,
                "City Hotel,1,2016,July,2,Check-Out,2016-07-03",
                "City Hotel,0,2016,July,2,Check-Out,2016-07-03",
                "Resort Hotel,1,2016,July,2,Canceled,2016-07-02");
        source.survey();

        service.answer(200, rows(conference("city:2016-07-02", 2, "1"), conference("resort:2016-07-02", 3)));
        RowTotals totals = SeatTotals.read(queries, source.books());
        assertThat(totals.behind()).isEmpty();
        assertThat(totals.wrong()).isEmpty();
        assertThat(totals.same()).isTrue();
        assertThat(totals.figures())
                .containsExactly(
                        entry("conferences", 2L),
                        entry("capacity", 2L),
                        entry("reserved", 1L),
                        entry("cityReserved", 1L),
                        entry("resortReserved", 0L));

        service.answer(200, rows(conference("city:2016-07-02", 2, "2"), conference("resort:2016-07-02", 2, "3")));
        totals = SeatTotals.read(queries, source.books());
        assertThat(totals.behind()).containsExactly("conference resort:2016-07-02 has version 2 of 3");
        assertThat(totals.wrong())
                .singleElement()
                .asString()
                .contains("city:2016-07-02", "other reservations than the input");

        service.answer(200, rows(conference("city:2016-07-02", 2)));
        totals = SeatTotals.read(queries, source.books());
        assertThat(totals.behind()).containsExactly("1 conferences are not there");
        assertThat(totals.wrong()).singleElement().asString().contains("city:2016-07-02", "0 reserved of 1");
    }

    @Test
    void a_conference_that_others_have_changed_too_says_nothing() {
        HotelBookings source = Files.hotels(null, "City Hotel,1,2016,July,2,Check-Out,2016-07-03");
        source.survey();
        service.answer(200, rows(conference("city:2016-07-02", 3, "1", "ada"), conference("JavaZone", 1)));

        RowTotals totals = SeatTotals.read(queries, source.books());

        assertThat(totals.behind()).isEmpty();
        assertThat(totals.wrong()).isEmpty();
        assertThat(totals.same()).isFalse();
        assertThat(totals.figures()).containsEntry("conferences", 2L).containsEntry("reserved", 2L);
    }

    /** One country, one customer. */
    private FakeService views(int orders, String total) {
        String sales =
                "{\"country\":\"France\",\"orders\":%d,\"lines\":%d,\"total\":\"%s\"}".formatted(orders, orders, total);
        List<String> rows = Collections.nCopies(orders, customerOrder("a", "PLACED", "1"));
        return service.answer(200, "{\"items\":[" + sales + "]}")
                .answer(200, "{\"items\":[" + String.join(",", rows) + "]}");
    }

    /** One accepted order of customer a. */
    private static SalesBooks books() {
        SalesBooks books = new SalesBooks();
        books.accept(
                new Sale("1", "a", 1, new BigDecimal("10.5")),
                new CommandResult(
                        "id",
                        "PlaceOrder",
                        "orders",
                        "1",
                        Outcome.ACCEPTED,
                        1,
                        List.of(),
                        null,
                        null,
                        false,
                        Instant.EPOCH,
                        null));
        return books;
    }

    @Test
    void flights_agree_only_with_the_last_plan_and_the_last_point_of_the_books() {
        Iff source = new Iff(List.of(Files.resource("flights/iff.csv")));
        source.survey();
        String other =
                flight("NCT-20200822-22796", 3, "5215", "?", "?", "2020-08-22T20:13:15.537Z", 38.42680, -122.05998);

        service.answer(200, rows(other, flight(7, "VIS", 36.99378)));
        RowTotals totals = FlightTotals.read(queries, source.books());
        assertThat(totals.behind()).isEmpty();
        assertThat(totals.wrong()).isEmpty();
        assertThat(totals.same()).isTrue();
        assertThat(totals.figures())
                .containsExactly(entry("flights", 2L), entry("withPlan", 2L), entry("withPosition", 2L));

        service.answer(200, rows(other, flight(7, "NTE", 36.99378)));
        assertThat(FlightTotals.read(queries, source.books()).wrong())
                .singleElement()
                .asString()
                .contains("NCT-20200822-22858", "FNW-NTE", "FNW-VIS");

        service.answer(200, rows(other, flight(7, "VIS", 36.99241)));
        assertThat(FlightTotals.read(queries, source.books()).wrong()).hasSize(1);

        service.answer(200, rows(flight(6, "VIS", 36.99241)));
        assertThat(FlightTotals.read(queries, source.books()).behind())
                .containsExactly("flight NCT-20200822-22858 has version 6 of 7", "1 flights are not there");

        service.answer(200, rows(other, flight(8, "OAK", 1)));
        assertThat(FlightTotals.read(queries, source.books()))
                .returns(List.of(), RowTotals::wrong)
                .returns(false, RowTotals::same);
    }

    @Test
    void identities_agree_only_where_each_flight_has_one_id_of_its_own() {
        Identities source = new Identities(new Sbs(), List.of(Files.resource("flights/sbs.csv")));
        source.survey();
        String other = identities("EJA804", "EJA804.20220410T1252", "AAF228", "12:52:21.872");

        service.answer(200, rows(other, identities("N1600W", "N1600W.20220410T1252", "A0F41B", "12:52:21.806")));
        RowTotals totals = IdentityTotals.read(queries, source.books());
        assertThat(totals.behind()).isEmpty();
        assertThat(totals.wrong()).isEmpty();
        assertThat(totals.same()).isTrue();
        assertThat(totals.figures())
                .containsExactly(
                        entry("callsigns", 2L), entry("flights", 2L), entry("aliases", 2L), entry("codeshares", 0L));

        service.answer(200, rows(other, identities("N1600W", "EJA804.20220410T1252", "A0F41B", "12:52:21.806")));
        assertThat(IdentityTotals.read(queries, source.books()).wrong())
                .containsExactly("two flights are EJA804.20220410T1252");

        service.answer(200, rows(identities("N1600W", "N1600W.20220410T1252", "A0F41B", "12:52:22.806")));
        assertThat(IdentityTotals.read(queries, source.books()).behind())
                .containsExactly("callsign N1600W has no A0F41B", "1 callsigns are not there");
    }

    @Test
    void a_flight_with_two_ids_is_wrong() {
        String line = "MSG,1,1,1,A0F41B,1,2022/04/10,12:52:%s.000,2022/04/10,12:52:22.000,N1600W  ,,,,,,,,,,,0";
        Identities source = new Identities(
                new Sbs(), List.of(Files.csv("sbs.csv", "", line.formatted("21"), line.formatted("41"))));
        source.survey();
        String alias = "{\"channel\":\"sbs\",\"externalId\":\"A0F41B\",\"from\":\"%1$s\",\"to\":\"%1$s\"}";
        service.answer(
                200,
                rows(
                        "{\"id\":\"N1600W\",\"version\":2,\"flights\":[{\"gufi\":\"a\",\"aliases\":[%s]},{\"gufi\":\"b\",\"aliases\":[%s]}]}"
                                .formatted(
                                        alias.formatted("2022-04-10T12:52:21Z"),
                                        alias.formatted("2022-04-10T12:52:41Z"))));

        assertThat(IdentityTotals.read(queries, source.books()).wrong()).containsExactly("one flight is both a and b");
    }

    private static String flight(int version, String destination, double latitude) {
        return flight(
                "NCT-20200822-22858",
                version,
                "N1708W",
                "FNW",
                destination,
                "2020-08-22T21:33:11.651Z",
                latitude,
                -120.11871);
    }

    private static String flight(
            String id,
            int version,
            String callsign,
            String origin,
            String destination,
            String time,
            double latitude,
            double longitude) {
        return "{\"id\":\"%s\",\"version\":%d,\"callsign\":\"%s\",\"origin\":\"%s\",\"destination\":\"%s\",\"planReceivedAt\":\"x\",\"position\":{\"time\":\"%s\",\"latitude\":%s,\"longitude\":%s}}"
                .formatted(id, version, callsign, origin, destination, time, latitude, longitude);
    }

    private static String identities(String callsign, String gufi, String transponder, String time) {
        String at = "2022-04-10T" + time + "Z";
        return "{\"id\":\"%s\",\"version\":1,\"flights\":[{\"gufi\":\"%s\",\"aliases\":[{\"channel\":\"sbs\",\"externalId\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}],\"codeshares\":[]}]}"
                .formatted(callsign, gufi, transponder, at, at);
    }

    private static String customerOrder(String customer, String status, String total) {
        return "{\"customerId\":\"%s\",\"status\":\"%s\",\"lineCount\":1,\"total\":\"%s\"}"
                .formatted(customer, status, total);
    }

    private static String order(int version, String total) {
        return "{\"id\":\"1\",\"version\":%d,\"lineCount\":1,\"total\":\"%s\"}".formatted(version, total);
    }

    private static String rows(String... rows) {
        return "{\"items\":[" + String.join(",", rows) + "],\"nextCursor\":null}";
    }

    /** Of one room; each reservation has one seat. */
    private static String conference(String id, int version, String... reservations) {
        String seats =
                Stream.of(reservations).map(each -> "\"%s\":1".formatted(each)).collect(Collectors.joining(","));
        return "{\"id\":\"%s\",\"version\":%d,\"capacity\":1,\"reserved\":%d,\"reservations\":{%s}}"
                .formatted(id, version, reservations.length, seats);
    }

    private static String account(String id, int version, String balance) {
        return "{\"id\":\"%s\",\"version\":%d,\"transactionCount\":%d,\"totalDeposits\":\"%s\",\"totalWithdrawals\":\"0\",\"balance\":\"%s\"}"
                .formatted(id, version, version - 1, balance, balance);
    }
}
