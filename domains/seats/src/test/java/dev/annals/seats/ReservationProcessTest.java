package dev.annals.seats;

import static dev.annals.seats.ReservationProcess.PAYMENT;
import static dev.annals.seats.ReservationProcess.TIME_TO_PAY;
import static dev.annals.testkit.ProcessKit.DEFAULT_TIME;
import static dev.annals.testkit.ProcessKit.accepted;
import static dev.annals.testkit.ProcessKit.due;
import static dev.annals.testkit.ProcessKit.failed;
import static dev.annals.testkit.ProcessKit.happened;
import static dev.annals.testkit.ProcessKit.inAnyOrder;
import static dev.annals.testkit.ProcessKit.rejected;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.AccountCommand.Withdraw;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.MoneyWithdrawn;
import dev.annals.api.Effect.At;
import dev.annals.api.Effect.Cancel;
import dev.annals.api.Effect.Send;
import dev.annals.api.Input;
import dev.annals.api.Input.Due;
import dev.annals.api.Input.Happened;
import dev.annals.orders.OrderCommand.CancelOrder;
import dev.annals.orders.OrderCommand.PayOrder;
import dev.annals.orders.OrderEvent.LinesReturned;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderLinesChanged;
import dev.annals.orders.OrderEvent.OrderPaid;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderEvent.OrderShipped;
import dev.annals.orders.OrderEvent.PaymentRefunded;
import dev.annals.orders.OrderLine;
import dev.annals.seats.ConferenceCommand.CancelReservation;
import dev.annals.seats.ConferenceCommand.ReserveSeats;
import dev.annals.seats.Reservation.Ask;
import dev.annals.seats.Reservation.Hold;
import dev.annals.seats.Reservation.Stage;
import dev.annals.testkit.ProcessKit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReservationProcessTest {

    private static final Instant PAY_BY = DEFAULT_TIME.plus(TIME_TO_PAY);
    private static final At TIMER = new At(PAYMENT, PAY_BY);
    private static final Cancel NO_TIMER = new Cancel(PAYMENT);
    private static final Due LATE = due(PAYMENT, PAY_BY);

    private static final Happened PLACED = happened("o", 1, placed(seats("java", 2)));
    private static final Happened PLACED_AT_TWO = happened("o", 1, placed(seats("java", 2), seats("rust", 1)));
    private static final Happened PAID = happened("o", 2, new OrderPaid("card", money("20")));
    private static final Happened CANCELLED = happened("o", 2, new OrderCancelled("changed my mind"));

    private static final Send RESERVE = new Send("java", new ReserveSeats("o", 2));
    private static final Send RESERVE_RUST = new Send("rust", new ReserveSeats("o", 1));
    private static final Send RELEASE = new Send("java", new CancelReservation("o"));
    private static final Send TOO_LATE = new Send("o", new CancelOrder("not paid by 2026-01-01T00:15:00Z"), 1L);
    private static final Send NO_SEATS = new Send("o", new CancelOrder("no seats at java: not-enough-seats"), 1L);

    private final ReservationProcess process = new ReservationProcess();

    @Test
    void there_is_a_quarter_of_an_hour_to_pay() {
        assertThat(TIME_TO_PAY).hasMinutes(15);
        Instant time = Instant.parse("2026-11-30T23:50:00Z");

        given().when(new Happened("o", 1, time, placed(seats("java", 2))))
                .then(new At(PAYMENT, Instant.parse("2026-12-01T00:05:00Z")), RESERVE);
    }

    @Test
    void an_order_without_seats_leaves_no_trace() {
        for (Object event : List.of(
                placed(line("HEART", 1)),
                new OrderLinesChanged(List.of(line("HEART", 2)), money("20")),
                new OrderPaid("card", money("20")),
                new OrderShipped("DHL", "1"),
                new OrderCancelled("why not"))) {
            given().when(happened("o", 1, event)).thenNoTrace();
        }
    }

    @Test
    void lines_of_one_conference_are_one_reservation() {
        given().when(happened("o", 1, placed(seats("java", 2), line("HEART", 5), seats("java", 3))))
                .then(TIMER, new Send("java", new ReserveSeats("o", 5)));
        given().when(happened("o", 1, placed(seats("java", Integer.MAX_VALUE), seats("java", 3))))
                .then(TIMER, new Send("java", new ReserveSeats("o", Integer.MAX_VALUE)));
    }

    @Nested
    class Reserving {

        @Test
        void seats_that_are_paid_in_time_are_kept() {
            assertThat(given(PLACED)
                            .when(accepted(RESERVE))
                            .thenNothing()
                            .when(PAID)
                            .then(NO_TIMER)
                            .state())
                    .returns(Stage.PAID, Reservation::order)
                    .returns(Map.of("java", new Hold(2, 0, null, Ask.NOTHING)), Reservation::holds);
        }

        @Test
        void an_order_that_is_not_paid_in_time_is_cancelled_and_then_its_seats_are_given_back() {
            given(PLACED, accepted(RESERVE))
                    .when(LATE)
                    .then(TOO_LATE)
                    .when(accepted(TOO_LATE))
                    .thenNothing()
                    .when(CANCELLED)
                    .then(RELEASE)
                    .when(accepted(RELEASE))
                    .thenNothing();
        }

        @Test
        void an_order_whose_seats_are_refused_is_cancelled() {
            assertThat(given(PLACED)
                            .when(rejected(RESERVE, "not-enough-seats"))
                            .then(NO_SEATS)
                            .when(CANCELLED)
                            .then(NO_TIMER)
                            .state()
                            .hold("java")
                            .seats())
                    .isZero();
        }

        @Test
        void an_order_that_was_paid_before_its_seats_were_refused_is_cancelled_too() {
            given(PLACED, PAID)
                    .when(rejected(RESERVE, "not-enough-seats"))
                    .then(new Send("o", new CancelOrder("no seats at java: not-enough-seats"), 2L));
        }

        @Test
        void seats_of_an_order_that_its_customer_cancels_are_given_back() {
            given(PLACED, accepted(RESERVE)).when(CANCELLED).then(NO_TIMER, RELEASE);
            given(PLACED).when(CANCELLED).then(NO_TIMER).when(accepted(RESERVE)).then(RELEASE);
            given(PLACED, PAID, accepted(RESERVE))
                    .when(happened("o", 3, new PaymentRefunded("card", money("20"))))
                    .thenNothing()
                    .when(happened("o", 4, new OrderCancelled("changed my mind")))
                    .then(NO_TIMER, RELEASE);
        }

        @Test
        void all_conferences_or_none() {
            given().when(PLACED_AT_TWO)
                    .then(TIMER, RESERVE, RESERVE_RUST)
                    .when(accepted(RESERVE_RUST))
                    .thenNothing()
                    .when(rejected(RESERVE, "not-enough-seats"))
                    .then(NO_SEATS)
                    .when(CANCELLED)
                    .then(NO_TIMER, new Send("rust", new CancelReservation("o")));
        }

        @Test
        void a_conference_that_no_id_can_have_is_none() {
            given().when(happened("o", 1, placed(seats("ja va", 2))))
                    .then(TIMER, new Send("o", new CancelOrder("no seats at ja va: conference-not-found"), 1L));
        }

        /** The dead letter can be sent again. The time to pay goes on. */
        @Test
        void a_reservation_that_failed_is_waited_for() {
            var waiting = given(PLACED).when(failed(RESERVE)).thenNothing();

            assertThat(waiting.state().problem()).isEqualTo("failed");
            waiting.when(accepted(RESERVE)).thenNothing();
            waiting.when(LATE)
                    .then(TOO_LATE)
                    .when(CANCELLED)
                    .thenNothing()
                    .when(accepted(RESERVE))
                    .then(RELEASE);
        }
    }

    @Nested
    class ChangingLines {

        private final Happened more = happened("o", 2, changed(seats("java", 3)));
        private final Send reserveMore = new Send("java", new ReserveSeats("o", 3));

        @Test
        void another_number_of_seats_is_another_reservation() {
            given(PLACED, accepted(RESERVE))
                    .when(more)
                    .then(TIMER, RELEASE, reserveMore)
                    .when(accepted(RELEASE))
                    .thenNothing()
                    .when(accepted(reserveMore))
                    .thenNothing();
        }

        @Test
        void it_is_asked_for_when_the_answer_before_has_come() {
            given(PLACED).when(more).then(TIMER).when(accepted(RESERVE)).then(RELEASE, reserveMore);
        }

        @Test
        void that_too_many_were_refused_says_nothing_of_fewer() {
            given(PLACED)
                    .when(more)
                    .then(TIMER)
                    .when(rejected(RESERVE, "not-enough-seats"))
                    .then(reserveMore);
        }

        @Test
        void other_lines_get_a_chance_of_their_own() {
            given(PLACED, rejected(RESERVE, "not-enough-seats"))
                    .when(more)
                    .then(TIMER, reserveMore)
                    .when(rejected(NO_SEATS, "version-conflict"))
                    .thenNothing();
        }

        @Test
        void seats_that_are_no_longer_ordered_are_given_back_and_wait_for_no_payment() {
            given(PLACED, accepted(RESERVE))
                    .when(happened("o", 2, changed(line("HEART", 1))))
                    .then(NO_TIMER, RELEASE)
                    .when(accepted(RELEASE))
                    .thenNothing();
        }

        @Test
        void seats_that_are_ordered_only_now_have_the_whole_time() {
            Instant later = DEFAULT_TIME.plusSeconds(3600);

            given(happened("o", 1, placed(line("HEART", 1))))
                    .when(new Happened("o", 2, later, changed(seats("java", 2))))
                    .then(new At(PAYMENT, later.plus(TIME_TO_PAY)), RESERVE);
        }

        @Test
        void a_change_gives_no_more_time() {
            given(PLACED)
                    .when(new Happened("o", 2, DEFAULT_TIME.plusSeconds(60), changed(seats("java", 3))))
                    .then(TIMER);
        }

        @Test
        void pieces_that_come_back_release_nothing() {
            given(PLACED, PAID, accepted(RESERVE))
                    .when(happened("o", 3, new LinesReturned(List.of())))
                    .thenNothing();
        }
    }

    @Nested
    class BeingLate {

        @Test
        void an_order_that_was_paid_just_then_is_not_cancelled() {
            given(PLACED, accepted(RESERVE))
                    .when(LATE)
                    .then(TOO_LATE)
                    .when(rejected(TOO_LATE, "version-conflict"))
                    .thenNothing()
                    .when(PAID)
                    .thenNothing();
            given(PLACED, accepted(RESERVE), LATE, PAID)
                    .when(rejected(TOO_LATE, "version-conflict"))
                    .thenNothing();
        }

        @Test
        void an_order_that_was_changed_just_then_is_cancelled_as_it_is_now() {
            Happened changed = happened("o", 2, changed(seats("java", 2)));
            Send again = new Send("o", new CancelOrder("not paid by " + PAY_BY), 2L);

            given(PLACED, accepted(RESERVE), LATE, rejected(TOO_LATE, "version-conflict"))
                    .when(changed)
                    .then(again);
            given(PLACED, accepted(RESERVE), LATE, changed)
                    .when(rejected(TOO_LATE, "version-conflict"))
                    .then(again);
        }

        @Test
        void an_order_that_has_left_the_shop_is_for_people() {
            Send cancel = new Send("o", new CancelOrder("no seats at java: not-enough-seats"), 3L);
            Happened shipped = happened("o", 3, new OrderShipped("DHL", "1"));

            assertThat(given(PLACED, PAID, shipped)
                            .when(rejected(RESERVE, "not-enough-seats"))
                            .then(cancel)
                            .when(rejected(cancel, "order-already-shipped"))
                            .thenNothing()
                            .state()
                            .problem())
                    .isEqualTo("order-already-shipped");
        }
    }

    @Nested
    class PayingFromAnAccount {

        private final Happened deposited = happened("bank", 2, new MoneyDeposited(money("20"), null, "order:o"));
        private final Send pay = new Send("o", new PayOrder("account:bank", money("20")));
        private final Send back = new Send("bank", new Withdraw(money("20"), null, "order:o"));

        @Test
        void a_deposit_for_an_order_pays_it() {
            given(PLACED, accepted(RESERVE))
                    .when(deposited)
                    .then(pay)
                    .when(accepted(pay))
                    .thenNothing();
            given().when(deposited).then(pay); // of whatever order
        }

        @Test
        void what_the_order_refuses_goes_back() {
            assertThat(given(deposited)
                            .when(rejected(pay, "payment-amount-mismatch"))
                            .then(back)
                            .when(rejected(back, "insufficient-funds"))
                            .thenNothing()
                            .state()
                            .problem())
                    .isEqualTo("insufficient-funds");
        }

        @Test
        void what_the_order_pays_back_goes_back() {
            given(PLACED, deposited)
                    .when(happened("o", 2, new PaymentRefunded("account:bank", money("20"))))
                    .then(back);
            given(PLACED)
                    .when(happened("o", 2, new PaymentRefunded("card", money("20"))))
                    .thenNothing();
            given(PLACED)
                    .when(happened("o", 2, new PaymentRefunded("account:b k", money("20"))))
                    .thenNothing();
        }

        /** It can be sent again, and pay. */
        @Test
        void nothing_goes_back_of_a_payment_that_failed() {
            given(deposited).when(failed(pay)).thenNothing();
        }

        @Test
        void other_deposits_belong_to_no_order() {
            for (String reference : List.of("", "o", "Order:o", "order:", "order:a b")) {
                assertThat(process.instance(happened("bank", 2, new MoneyDeposited(money("20"), null, reference))))
                        .as(reference)
                        .isNull();
            }
            assertThat(process.instance(happened("bank", 2, new MoneyDeposited(money("20"), null, null))))
                    .isNull();
            assertThat(process.instance(happened("bank", 2, new MoneyWithdrawn(money("20"), null, "order:o"))))
                    .isNull();
        }
    }

    @Test
    void the_longest_id_of_an_order_has_an_instance() {
        String id = "x".repeat(200);

        given().when(happened(id, 1, placed(seats("java", 2)))).then(TIMER, new Send("java", new ReserveSeats(id, 2)));
    }

    @Test
    void payment_may_come_before_the_seats_or_after() {
        var end = inAnyOrder(process, List.of(PLACED, PAID))
                .answeredBy(ProcessKit::accepted)
                .thenSameEnd();

        assertThat(end.timers()).isEmpty();
        assertThat(end.sent()).isEqualTo(Map.of(RESERVE, 1L));
    }

    @Test
    void a_deposit_may_come_before_its_order_or_after() {
        inAnyOrder(
                        process,
                        List.of(PLACED, happened("o", 2, new OrderPaid("account:bank", money("20")))),
                        List.of(happened("bank", 2, new MoneyDeposited(money("20"), null, "order:o"))))
                .answeredBy(ProcessKit::accepted)
                .thenSameEnd();
    }

    private ProcessKit<Reservation> given(Input... inputs) {
        return ProcessKit.given(process, inputs);
    }

    private static OrderPlaced placed(OrderLine... lines) {
        return new OrderPlaced("c", null, "EUR", null, List.of(lines), money("20"));
    }

    private static OrderLinesChanged changed(OrderLine... lines) {
        return new OrderLinesChanged(List.of(lines), money("20"));
    }

    private static OrderLine seats(String conference, int number) {
        return line("seats:" + conference, number);
    }

    private static OrderLine line(String sku, int quantity) {
        return new OrderLine(sku, "", quantity, money("10"));
    }

    private static BigDecimal money(String amount) {
        return new BigDecimal(amount).setScale(4);
    }
}
