package dev.annals.orders;

import static dev.annals.orders.Orders.DELIVERED;
import static dev.annals.orders.Orders.LINES;
import static dev.annals.orders.Orders.PAID;
import static dev.annals.orders.Orders.PLACED;
import static dev.annals.orders.Orders.PLACED_AT;
import static dev.annals.orders.Orders.SHIPPED;
import static dev.annals.orders.Orders.line;
import static dev.annals.orders.Orders.money;
import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Filter;
import dev.annals.orders.OrderEvent.LinesReturned;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderLinesChanged;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderEvent.PaymentRefunded;
import dev.annals.testkit.ViewKit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class OrderViewsTest {

    private static final OrderCancelled CANCELLED = new OrderCancelled("why not");
    private static final PaymentRefunded REFUNDED = new PaymentRefunded("card", money("20.80"));
    private static final List<OrderLine> ONE_LINE = List.of(line("HEART", 1, "2.55"));
    private static final OrderLinesChanged CHANGED = new OrderLinesChanged(ONE_LINE, money("2.55"));
    private static final LinesReturned RETURNED = new LinesReturned(List.of(new ReturnedLine("HEART", 2)));

    @Nested
    class OrdersById {

        private final ViewKit<OrderEvent, OrderRow> orders = ViewKit.of(new OrdersView());

        @Test
        void a_row_shows_all_that_happened() {
            orders.given("1", PLACED, PAID, SHIPPED, DELIVERED, RETURNED, RETURNED)
                    .thenRow(
                            "1",
                            new OrderRow(
                                    OrderStatus.DELIVERED,
                                    "17850.0",
                                    "France",
                                    "GBP",
                                    PLACED_AT,
                                    LINES,
                                    2,
                                    money("20.8000"),
                                    "card",
                                    money("20.8000"),
                                    null,
                                    "DHL",
                                    "JD0001",
                                    Map.of("HEART", 4L),
                                    null));
        }

        @Test
        void a_cancelled_order_shows_its_refund_and_reason() {
            OrderRow row = orders.given("1", PLACED, PAID, REFUNDED, CANCELLED)
                    .row("1")
                    .orElseThrow();

            assertThat(row.status()).isEqualTo(OrderStatus.CANCELLED);
            assertThat(row.paidAmount()).isEqualByComparingTo("20.80");
            assertThat(row.refundedAmount()).isEqualByComparingTo("20.80");
            assertThat(row.cancelReason()).isEqualTo("why not");
        }

        @Test
        void changed_lines_replace_the_old_ones() {
            OrderRow row = orders.given("1", PLACED, CHANGED).row("1").orElseThrow();

            assertThat(row.lines()).isEqualTo(ONE_LINE);
            assertThat(row.lineCount()).isEqualTo(1);
            assertThat(row.total()).isEqualByComparingTo("2.55");
            assertThat(row.customerId()).isEqualTo("17850.0");
        }

        @Test
        void an_order_that_says_no_time_was_placed_at_the_time_of_its_command() {
            orders.given("1", new OrderPlaced("c", null, "GBP", null, LINES, money("20.80")))
                    .at(ViewKit.DEFAULT_TIME.plusSeconds(60))
                    .given("1", PAID);

            assertThat(orders.row("1").orElseThrow().placedAt()).isEqualTo(ViewKit.DEFAULT_TIME);
        }

        @Test
        void orders_are_found_by_customer_country_status_time_and_total() {
            assertThat(new OrdersView().filters())
                    .containsExactly(
                            Filter.byField("customer", "customerId"),
                            Filter.byField("country", "country"),
                            Filter.byField("status", "status"),
                            Filter.byField("placedAt", "placedAt"),
                            Filter.byField("total", "total"));
        }
    }

    @Nested
    class OrdersOfACustomer {

        private final ViewKit<OrderEvent, CustomerOrderRow> orders = ViewKit.of(new CustomerOrdersView());

        @Test
        void a_customers_orders_stand_newest_first() {
            orders.given("old", placedAt("17850.0", "2010-12-01T08:26:00Z"))
                    .given("new", placedAt("17850.0", "2011-02-28T23:59:59.999Z"))
                    .given("middle", placedAt("17850.0", "2011-02-28T23:59:59.998Z"))
                    .given("other", placedAt("12346.0", "2009-01-01T00:00:00Z"));

            assertThat(orders.rows().values().stream().map(CustomerOrderRow::orderId))
                    .containsExactly("other", "new", "middle", "old");
        }

        @Test
        void the_key_is_customer_then_time_then_order() {
            orders.given("1", placedAt("17850.0", "2010-12-01T08:26:00Z")).thenKeys("17850.0:9222080844894775807:1");
        }

        @Test
        void keys_of_orders_before_1970_and_far_ahead_keep_their_length() {
            orders.given("early", placedAt("c", "1960-01-01T00:00:00Z"))
                    .given("late", placedAt("c", "9999-12-31T23:59:59Z"));

            assertThat(orders.rows().keySet()).allSatisfy(key -> assertThat(key).matches("c:\\d{19}:(early|late)"));
            assertThat(orders.rows().firstKey()).endsWith(":late");
        }

        @Test
        void the_row_follows_the_order() {
            orders.given("1", PLACED, CHANGED);
            assertThat(onlyRow()).isEqualTo(row(OrderStatus.PLACED, "2.5500", 1));

            orders.given("2", PLACED, PAID, SHIPPED, RETURNED).given("1", CANCELLED);
            assertThat(orders.rows().values())
                    .extracting(CustomerOrderRow::status)
                    .containsExactly(OrderStatus.CANCELLED, OrderStatus.SHIPPED);

            orders.given("2", DELIVERED);
            assertThat(orders.rows().values())
                    .extracting(CustomerOrderRow::status)
                    .containsExactly(OrderStatus.CANCELLED, OrderStatus.DELIVERED);
        }

        @Test
        void an_order_without_a_customer_has_no_row() {
            orders.given("1", Orders.placed(null, "France", LINES, "20.80"), PAID, SHIPPED, DELIVERED)
                    .thenKeys();
        }

        @Test
        void the_customer_leads_the_key() {
            assertThat(new CustomerOrdersView().filters()).contains(Filter.byLeadingKey("customer", "customerId"));
        }

        private CustomerOrderRow onlyRow() {
            return orders.rows().get(orders.rows().firstKey());
        }

        private static CustomerOrderRow row(OrderStatus status, String total, int lines) {
            return new CustomerOrderRow("17850.0", "1", PLACED_AT, status, money(total), "GBP", lines);
        }

        private static OrderPlaced placedAt(String customer, String time) {
            return new OrderPlaced(customer, null, "GBP", Instant.parse(time), LINES, money("20.80"));
        }
    }

    @Nested
    class SalesByCountry {

        private final ViewKit<OrderEvent, CountrySalesRow> sales = ViewKit.of(new CountrySalesView());

        @Test
        void orders_of_a_country_add_up() {
            sales.given("1", PLACED)
                    .given("2", Orders.placed(null, "France", ONE_LINE, "2.55"))
                    .given("3", Orders.placed(null, "Norway", ONE_LINE, "2.55"))
                    .thenRow("France", new CountrySalesRow("France", 2, 3, money("23.3500")))
                    .thenRow("Norway", new CountrySalesRow("Norway", 1, 1, money("2.5500")));
        }

        @Test
        void changed_lines_count_in_place_of_the_old_ones() {
            sales.given("1", PLACED)
                    .given("2", PLACED, CHANGED)
                    .thenRow("France", new CountrySalesRow("France", 2, 3, money("23.3500")));
        }

        @Test
        void a_cancelled_order_does_not_count() {
            sales.given("1", PLACED)
                    .given("2", PLACED, PAID, REFUNDED, CANCELLED)
                    .thenRow("France", new CountrySalesRow("France", 1, 2, money("20.8000")));
        }

        @Test
        void a_country_whose_orders_are_all_cancelled_has_no_row() {
            sales.given("1", PLACED, CANCELLED).thenKeys();
        }

        @Test
        void payment_shipment_and_returns_change_nothing() {
            sales.given("1", PLACED, PAID, SHIPPED, DELIVERED, RETURNED)
                    .thenRow("France", new CountrySalesRow("France", 1, 2, money("20.8000")));
        }

        @Test
        void orders_without_a_country_stand_under_unspecified() {
            sales.given("1", Orders.placed("c", null, LINES, "20.80"))
                    .thenRow("Unspecified", new CountrySalesRow("Unspecified", 1, 2, money("20.8000")));
        }

        @Test
        void adding_and_subtracting_undo_each_other() {
            CountrySalesView view = new CountrySalesView();
            CountrySalesView.Sale one = new CountrySalesView.Sale("France", 2, new BigDecimal("0.1000"));
            CountrySalesView.Sale two = new CountrySalesView.Sale("France", 3, new BigDecimal("0.2000"));

            CountrySalesRow row = view.add(null, one);

            assertThat(view.subtract(view.add(row, two), two)).isEqualTo(row);
            assertThat(view.subtract(row, one)).isNull();
        }
    }
}
