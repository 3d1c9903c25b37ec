package dev.annals.seats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.Account;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountsDomain;
import dev.annals.orders.Order;
import dev.annals.orders.OrderCommand.CancelOrder;
import dev.annals.orders.OrderCommand.ChangeOrderLines;
import dev.annals.orders.OrderCommand.PayOrder;
import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.orders.OrderLine;
import dev.annals.orders.OrderStatus;
import dev.annals.orders.OrdersDomain;
import dev.annals.seats.ConferenceCommand.OpenConference;
import dev.annals.seats.ConferenceCommand.ReserveSeats;
import dev.annals.testkit.SimulatedHost;
import dev.annals.testkit.SimulatedHost.Ended;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/**
 * The process with the rules of orders, conferences and accounts, in whatever order things come: commands, events,
 * answers and the timer, which may run out at any time. At the end an order has all its seats and is paid, or it is
 * cancelled and has none; and money is on the account exactly where an order is paid from it.
 */
class ReservationRacesTest {

    private final Set<OrderStatus> ends = new TreeSet<>();

    @Test
    void paying_races_with_the_timer_and_the_seats() {
        host().when("o", place(seats("java", 2)), pay("20")).thenEachEnd(this::assertSettled);

        assertThat(ends).containsExactly(OrderStatus.PAID, OrderStatus.CANCELLED);
    }

    @Test
    void cancelling_races_with_paying() {
        host().when("o", place(seats("java", 2)), pay("20"))
                .when("o", new CancelOrder("changed my mind"))
                .thenEachEnd(this::assertSettled);

        assertThat(ends).containsExactly(OrderStatus.PAID, OrderStatus.CANCELLED);
    }

    @Test
    void of_two_conferences_both_have_seats_or_none_is_taken() {
        host().when("o", place(seats("java", 2), seats("rust", 1)), pay("30"))
                .when("rust", new ReserveSeats("somebody", 3))
                .thenEachEnd(this::assertSettled);

        assertThat(ends).containsExactly(OrderStatus.PAID, OrderStatus.CANCELLED);
    }

    @Test
    void two_orders_race_for_the_last_seats() {
        host().when("o", place(seats("rust", 2)), pay("20"))
                .when("p", place(seats("rust", 2)), pay("20"))
                .thenEachEnd(this::assertSettled);

        assertThat(ends).containsExactly(OrderStatus.PAID, OrderStatus.CANCELLED);
    }

    @Test
    void changing_lines_races_with_the_seats_and_the_timer() {
        host().when("o", place(seats("java", 2)), new ChangeOrderLines(List.of(seats("java", 3))), pay("30"))
                .thenEachEnd(this::assertSettled);

        assertThat(ends).containsExactly(OrderStatus.PAID, OrderStatus.CANCELLED);
    }

    @Test
    void a_deposit_pays_or_goes_back() {
        host().when("o", place(seats("java", 2)))
                .when("bank", deposit("20", "o"), deposit("7", "o"))
                .thenEachEnd(this::assertSettled);

        assertThat(ends).containsExactly(OrderStatus.PAID, OrderStatus.CANCELLED);
    }

    @Test
    void a_deposit_races_with_a_cancellation_and_goes_back_once() {
        host().when("o", place(seats("java", 2)), new CancelOrder("changed my mind"))
                .when("bank", deposit("20", "o"))
                .thenEachEnd(this::assertSettled);

        assertThat(ends).containsExactly(OrderStatus.CANCELLED);
    }

    @Test
    void a_deposit_races_with_the_customers_card() {
        host().when("o", place(seats("java", 2)), pay("20"))
                .when("bank", deposit("20", "o"))
                .thenEachEnd(this::assertSettled);
    }

    @Test
    void an_order_of_another_shop_has_no_seats_and_no_limit() {
        host().when("o", place(new OrderLine("HEART", "", 2, new BigDecimal("10"))))
                .thenEachEnd(end ->
                        assertThat(end.states(Order.class).get("o").status()).isEqualTo(OrderStatus.PLACED));
    }

    /** An operator sends again what failed, at any time: before the time to pay is over or long after. */
    @Test
    void whatever_fails_first_comes_to_the_same_end() {
        host().when("o", place(seats("java", 2)), pay("20"))
                .when("bank", deposit("20", "o"))
                .failing(send -> true)
                .thenEachEnd(this::assertSettled);

        assertThat(ends).containsExactly(OrderStatus.PAID, OrderStatus.CANCELLED);
    }

    @Property(tries = 300)
    void many_orders_settle(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SimulatedHost<Reservation> host = host();
        for (String order : List.of("o", "p", "q", "r")) {
            int java = random.nextInt(1, 4);
            int rust = random.nextInt(1, 3);
            host = host.when(order, place(seats("java", java), seats("rust", rust)));
            host = switch (random.nextInt(5)) {
                case 0 -> host.when(order, pay("" + 10 * (java + rust)));
                case 1 -> host.when(order, new CancelOrder("changed my mind"), pay("10"));
                case 2 -> host.when(order, new ChangeOrderLines(List.of(seats("java", 1))), pay("10"));
                case 3 -> host.when("bank", deposit("" + 10 * (java + rust), order));
                default -> host.when("bank", deposit("10", order), deposit("" + 10 * (java + rust), order));
            };
        }

        host.thenEnd(seed, this::assertSettled);
    }

    private void assertSettled(Ended end) {
        assertThat(end.unanswered()).isEmpty();
        assertThat(end.instances(Reservation.class).values())
                .extracting(Reservation::problem)
                .isSubsetOf(null, "failed");
        BigDecimal onAccount = BigDecimal.ZERO;
        for (var order : end.states(Order.class).entrySet()) {
            OrderStatus status = order.getValue().status();
            if (status == null) {
                continue; // it was paid, changed or cancelled only before it was placed
            }
            assertThat(status).as(order.getKey()).isIn(OrderStatus.PAID, OrderStatus.CANCELLED);
            ends.add(status);
            TreeMap<String, Integer> reserved = new TreeMap<>();
            end.states(Conference.class).forEach((conference, state) -> {
                Integer seats = state.reservations().get(order.getKey());
                if (seats != null) {
                    reserved.put("seats:" + conference, seats);
                }
            });
            TreeMap<String, Integer> ordered = new TreeMap<>();
            if (status == OrderStatus.PAID) {
                order.getValue().lines().forEach(line -> ordered.merge(line.sku(), line.quantity(), Integer::sum));
            }
            assertThat(reserved).as("seats of %s", order.getKey()).isEqualTo(ordered);
            Order.Payment payment = order.getValue().payment();
            if (payment != null && order.getValue().cancelReason() != null) {
                assertThat(order.getValue().cancelReason())
                        .as("why a paid order was cancelled")
                        .doesNotStartWith("not paid");
            }
            if (status == OrderStatus.PAID
                    && payment != null
                    && payment.method().equals("account:bank")) {
                onAccount = onAccount.add(payment.amount());
            }
        }
        assertThat(end.states(Account.class).get("bank").balance()).isEqualByComparingTo(onAccount);
    }

    private static SimulatedHost<Reservation> host() {
        return SimulatedHost.of(
                        new ReservationProcess(),
                        new SeatsDomain().aggregate(),
                        new OrdersDomain().aggregate(),
                        new AccountsDomain().aggregate())
                .given("java", new OpenConference("Java", 10))
                .given("rust", new OpenConference("Rust", 3))
                .given("bank", new OpenAccount("the shop", "EUR", null));
    }

    private static PlaceOrder place(OrderLine... lines) {
        return new PlaceOrder("c", null, "EUR", null, List.of(lines));
    }

    private static PayOrder pay(String amount) {
        return new PayOrder("card", new BigDecimal(amount));
    }

    private static Deposit deposit(String amount, String order) {
        return new Deposit(new BigDecimal(amount), null, "order:" + order);
    }

    private static OrderLine seats(String conference, int number) {
        return new OrderLine("seats:" + conference, "", number, new BigDecimal("10"));
    }
}
