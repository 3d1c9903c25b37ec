package dev.annals.orders;

import static dev.annals.orders.Orders.DELIVERED;
import static dev.annals.orders.Orders.LINES;
import static dev.annals.orders.Orders.PAID;
import static dev.annals.orders.Orders.PLACED;
import static dev.annals.orders.Orders.SHIPPED;
import static dev.annals.orders.Orders.given;
import static dev.annals.orders.Orders.line;
import static dev.annals.orders.Orders.money;
import static dev.annals.orders.Orders.place;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.orders.OrderCommand.CancelOrder;
import dev.annals.orders.OrderCommand.ChangeOrderLines;
import dev.annals.orders.OrderCommand.DeliverOrder;
import dev.annals.orders.OrderCommand.PayOrder;
import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.orders.OrderCommand.ReturnLines;
import dev.annals.orders.OrderCommand.ShipOrder;
import dev.annals.orders.OrderEvent.LinesReturned;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderDelivered;
import dev.annals.orders.OrderEvent.OrderLinesChanged;
import dev.annals.orders.OrderEvent.OrderPaid;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderEvent.OrderShipped;
import dev.annals.orders.OrderEvent.PaymentRefunded;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class OrderDeciderTest {

    private static final OrderCancelled CANCELLED = new OrderCancelled("changed my mind");

    /** One valid command of every type except the placing one. */
    private static final List<OrderCommand> ON_AN_ORDER = List.of(
            new ChangeOrderLines(LINES),
            new PayOrder("card", money("20.8")),
            new ShipOrder("DHL", "JD0001"),
            new DeliverOrder(),
            new CancelOrder("changed my mind"),
            back("HEART", 1));

    @ParameterizedTest
    @FieldSource("ON_AN_ORDER")
    void an_order_that_was_not_placed_is_not_found(OrderCommand command) {
        given().when(command).thenRejected("order-not-found");
    }

    @ParameterizedTest
    @FieldSource("ON_AN_ORDER")
    void nothing_happens_to_a_cancelled_order(OrderCommand command) {
        given(PLACED, CANCELLED).when(command).thenRejected("order-cancelled", "changed my mind");
    }

    @Test
    void every_command_type_is_covered_above() {
        assertThat(ON_AN_ORDER.stream().map(Object::getClass))
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(OrderCommand.class.getPermittedSubclasses())
                        .filter(type -> type != PlaceOrder.class)
                        .toList());
    }

    @Nested
    class Placing {

        @Test
        void an_order_is_placed_with_its_total() {
            given().when(place(LINES.toArray(OrderLine[]::new))).then(PLACED);
        }

        @Test
        void the_total_is_exact_to_four_decimals() {
            given().when(place(line("A", 3, "0.3333"), line("B", 7, "0.0001")))
                    .then(Orders.placed(
                            "17850.0", "France", List.of(line("A", 3, "0.3333"), line("B", 7, "0.0001")), "1.0006"));
        }

        @Test
        void an_order_needs_no_customer_country_or_time() {
            given().when(new PlaceOrder(null, null, "GBP", null, LINES))
                    .then(new OrderPlaced(null, null, "GBP", null, LINES, money("20.80")));
        }

        @Test
        void a_blank_customer_or_country_counts_as_absent() {
            given().when(new PlaceOrder("", " ", "GBP", null, LINES))
                    .then(new OrderPlaced(null, null, "GBP", null, LINES, money("20.80")));
        }

        @Test
        void an_order_may_be_a_gift() {
            given().when(place(line("A", 1, "0")))
                    .then(Orders.placed("17850.0", "France", List.of(line("A", 1, "0")), "0"));
        }

        @Test
        void an_id_is_used_once_even_after_a_cancellation() {
            given(PLACED).when(place(LINES.getFirst())).thenRejected("order-already-exists");
            given(PLACED, CANCELLED).when(place(LINES.getFirst())).thenRejected("order-already-exists");
        }

        @Test
        void an_id_in_use_is_reported_before_wrong_lines() {
            given(PLACED).when(place()).thenRejected("order-already-exists");
        }

        @Test
        void an_order_without_lines_is_rejected() {
            given().when(place()).thenRejected("no-lines");
        }

        @Test
        void a_quantity_below_1_rejects_the_whole_order() {
            given().when(place(line("A", 1, "1"), line("B", 0, "1"))).thenRejected("invalid-quantity", "sku B has 0");
            given().when(place(line("A", -1, "1"))).thenRejected("invalid-quantity");
        }

        @Test
        void a_price_below_0_rejects_the_whole_order() {
            given().when(place(line("A", 1, "1"), line("B", 1, "-0.0001"))).thenRejected("invalid-price", "sku B");
        }

        @Test
        void the_first_wrong_line_is_named() {
            given().when(place(line("A", 1, "-1"), line("B", 0, "1"))).thenRejected("invalid-price", "sku A");
            given().when(place(line("A", 0, "-1"))).thenRejected("invalid-quantity");
        }

        @Test
        void a_total_that_money_cannot_hold_is_rejected() {
            given().when(place(line("A", 1, "99999999999999.9999"))).thenAccepted();
            given().when(place(line("A", 1, "99999999999999.9999"), line("B", 1, "0.0001")))
                    .thenRejected("invalid-price", "100000000000000.0000");
        }

        @Test
        void more_than_four_decimals_are_not_money() {
            assertThatThrownBy(() -> line("A", 1, "1.00001"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("4 decimals", "1.00001");
            assertThat(line("A", 1, "1.10000000")).isEqualTo(line("A", 1, "1.1"));
        }
    }

    @Nested
    class ChangingLines {

        @Test
        void lines_change_before_payment() {
            List<OrderLine> changed = List.of(line("HEART", 1, "2.55"));

            given(PLACED).when(new ChangeOrderLines(changed)).then(new OrderLinesChanged(changed, money("2.55")));
        }

        @Test
        void the_same_lines_change_nothing() {
            given(PLACED).when(new ChangeOrderLines(LINES)).then();
        }

        @Test
        void lines_of_a_paid_order_stay() {
            given(PLACED, PAID).when(new ChangeOrderLines(LINES)).thenRejected("order-not-payable");
        }

        @Test
        void lines_of_a_shipped_order_stay() {
            given(PLACED, PAID, SHIPPED).when(new ChangeOrderLines(LINES)).thenRejected("order-already-shipped");
            given(PLACED, PAID, SHIPPED, DELIVERED)
                    .when(new ChangeOrderLines(LINES))
                    .thenRejected("order-already-shipped");
        }

        @Test
        void the_rules_of_placing_hold() {
            given(PLACED).when(change()).thenRejected("no-lines");
            given(PLACED).when(change(line("A", 0, "1"))).thenRejected("invalid-quantity");
            given(PLACED).when(change(line("A", 1, "-1"))).thenRejected("invalid-price");
        }

        @Test
        void returned_pieces_stay_on_the_order() {
            given(PLACED, returned("HEART", 2))
                    .when(change(line("HEART", 2, "2.55")))
                    .thenAccepted();
            given(PLACED, returned("HEART", 2))
                    .when(change(line("HEART", 1, "2.55")))
                    .thenRejected("return-exceeds-purchase");
        }

        private static ChangeOrderLines change(OrderLine... lines) {
            return new ChangeOrderLines(List.of(lines));
        }
    }

    @Nested
    class Paying {

        @Test
        void the_total_pays_the_order() {
            given(PLACED).when(new PayOrder("card", money("20.8"))).then(PAID);
        }

        @Test
        void payment_of_another_amount_is_rejected() {
            given(PLACED)
                    .when(new PayOrder("card", money("20.7999")))
                    .thenRejected("payment-amount-mismatch", "the order's total is 20.8000, the payment is 20.7999");
            given(PLACED).when(new PayOrder("card", money("20.81"))).thenRejected("payment-amount-mismatch");
        }

        @Test
        void the_changed_total_must_be_paid() {
            given(PLACED, new OrderLinesChanged(List.of(line("HEART", 1, "2.55")), money("2.55")))
                    .when(new PayOrder("card", money("20.8")))
                    .thenRejected("payment-amount-mismatch")
                    .when(new PayOrder("card", money("2.55")))
                    .then(new OrderPaid("card", money("2.55")));
        }

        @Test
        void an_order_is_paid_once() {
            PayOrder again = new PayOrder("card", money("1"));

            given(PLACED, PAID).when(again).thenRejected("order-not-payable");
            given(PLACED, PAID, SHIPPED).when(again).thenRejected("order-not-payable");
            given(PLACED, PAID, SHIPPED, DELIVERED).when(again).thenRejected("order-not-payable");
        }
    }

    @Nested
    class Shipping {

        private final ShipOrder ship = new ShipOrder("DHL", "JD0001");

        @Test
        void a_paid_order_is_shipped() {
            given(PLACED, PAID).when(ship).then(new OrderShipped("DHL", "JD0001"));
        }

        @Test
        void an_unpaid_order_is_not_shipped() {
            given(PLACED).when(ship).thenRejected("order-not-paid");
        }

        @Test
        void an_order_is_shipped_once() {
            given(PLACED, PAID, SHIPPED).when(ship).thenRejected("order-already-shipped");
            given(PLACED, PAID, SHIPPED, DELIVERED).when(ship).thenRejected("order-already-shipped");
        }
    }

    @Nested
    class Delivering {

        @Test
        void a_shipped_order_is_delivered() {
            given(PLACED, PAID, SHIPPED).when(new DeliverOrder()).then(new OrderDelivered());
        }

        @Test
        void a_paid_order_can_be_handed_over_without_a_carrier() {
            given(PLACED, PAID).when(new DeliverOrder()).then(new OrderDelivered());
        }

        @Test
        void an_unpaid_order_is_not_delivered() {
            given(PLACED).when(new DeliverOrder()).thenRejected("order-not-paid");
        }

        @Test
        void a_second_delivery_changes_nothing() {
            given(PLACED, PAID, SHIPPED, DELIVERED).when(new DeliverOrder()).then();
        }
    }

    @Nested
    class Cancelling {

        private final CancelOrder cancel = new CancelOrder("changed my mind");

        @Test
        void an_unpaid_order_is_cancelled() {
            given(PLACED).when(cancel).then(CANCELLED);
        }

        @Test
        void a_paid_order_is_refunded_and_cancelled_together() {
            given(PLACED, PAID).when(cancel).then(new PaymentRefunded("card", money("20.80")), CANCELLED);
        }

        @Test
        void an_order_that_has_left_the_shop_is_not_cancelled() {
            given(PLACED, PAID, SHIPPED).when(cancel).thenRejected("order-already-shipped");
            given(PLACED, PAID, DELIVERED).when(cancel).thenRejected("order-already-shipped");
        }
    }

    @Nested
    class Returning {

        @Test
        void pieces_come_back() {
            given(PLACED, PAID, SHIPPED, DELIVERED).when(back("HEART", 6)).then(returned("HEART", 6));
        }

        @Test
        void pieces_can_come_back_from_an_order_whose_payment_and_shipment_nobody_recorded() {
            given(PLACED).when(back("HEART", 1)).then(returned("HEART", 1));
            given(PLACED, PAID).when(back("HEART", 1)).then(returned("HEART", 1));
            given(PLACED, PAID, SHIPPED).when(back("HEART", 1)).then(returned("HEART", 1));
        }

        @Test
        void no_more_come_back_than_were_bought() {
            given(PLACED, PAID, SHIPPED)
                    .when(back("HEART", 7))
                    .thenRejected("return-exceeds-purchase", "of sku HEART 6 are bought, but 7");
        }

        @Test
        void earlier_returns_count() {
            given(PLACED, returned("HEART", 4))
                    .when(back("HEART", 3))
                    .thenRejected("return-exceeds-purchase")
                    .when(back("HEART", 2))
                    .then(returned("HEART", 2));
        }

        @Test
        void an_article_that_was_not_bought_does_not_come_back() {
            given(PLACED).when(back("SPOON", 1)).thenRejected("return-exceeds-purchase", "of sku SPOON 0 are bought");
        }

        @Test
        void the_same_sku_on_several_lines_adds_up() {
            OrderPlaced twice =
                    Orders.placed("1", "France", List.of(line("HEART", 2, "2.55"), line("HEART", 3, "2.10")), "11.40");
            List<ReturnedLine> five = List.of(new ReturnedLine("HEART", 1), new ReturnedLine("HEART", 4));
            List<ReturnedLine> six = List.of(new ReturnedLine("HEART", 2), new ReturnedLine("HEART", 4));

            given(twice).when(new ReturnLines(six)).thenRejected("return-exceeds-purchase");
            given(twice).when(new ReturnLines(five)).then(new LinesReturned(five));
        }

        @Test
        void quantities_that_do_not_fit_an_int_add_up() {
            OrderPlaced many = Orders.placed(
                    "1",
                    "France",
                    List.of(line("DUST", Integer.MAX_VALUE, "0"), line("DUST", Integer.MAX_VALUE, "0")),
                    "0");

            given(many, returned("DUST", Integer.MAX_VALUE))
                    .when(back("DUST", Integer.MAX_VALUE))
                    .thenAccepted()
                    .when(back("DUST", 1))
                    .thenRejected("return-exceeds-purchase");
        }

        @Test
        void a_return_has_lines_of_at_least_one_piece() {
            given(PLACED).when(new ReturnLines(List.of())).thenRejected("no-lines");
            given(PLACED).when(back("HEART", 0)).thenRejected("invalid-quantity", "sku HEART has 0");
            given(PLACED).when(back("SPOON", -1)).thenRejected("invalid-quantity");
        }
    }

    private static ReturnLines back(String sku, int quantity) {
        return new ReturnLines(List.of(new ReturnedLine(sku, quantity)));
    }

    private static LinesReturned returned(String sku, int quantity) {
        return new LinesReturned(List.of(new ReturnedLine(sku, quantity)));
    }
}
