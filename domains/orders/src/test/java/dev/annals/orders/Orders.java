package dev.annals.orders;

import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.orders.OrderEvent.OrderDelivered;
import dev.annals.orders.OrderEvent.OrderPaid;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderEvent.OrderShipped;
import dev.annals.testkit.DeciderKit;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** One order of two lines, 20.80 in total, that the tests take through its life. */
final class Orders {

    static final Instant PLACED_AT = Instant.parse("2010-12-01T08:26:00Z");
    static final List<OrderLine> LINES = List.of(line("HEART", 6, "2.55"), line("LANTERN", 2, "2.75"));
    static final OrderPlaced PLACED = placed("17850.0", "France", LINES, "20.80");
    static final OrderPaid PAID = new OrderPaid("card", money("20.80"));
    static final OrderShipped SHIPPED = new OrderShipped("DHL", "JD0001");
    static final OrderDelivered DELIVERED = new OrderDelivered();

    private Orders() {}

    static DeciderKit<OrderCommand, Order, OrderEvent> given(OrderEvent... events) {
        return DeciderKit.given(new OrderDecider(), events);
    }

    static PlaceOrder place(OrderLine... lines) {
        return new PlaceOrder("17850.0", "France", "GBP", PLACED_AT, List.of(lines));
    }

    static OrderPlaced placed(String customer, String country, List<OrderLine> lines, String total) {
        return new OrderPlaced(customer, country, "GBP", PLACED_AT, lines, money(total));
    }

    static OrderLine line(String sku, int quantity, String unitPrice) {
        return new OrderLine(sku, sku.toLowerCase(Locale.ROOT), quantity, money(unitPrice));
    }

    static BigDecimal money(String amount) {
        return new BigDecimal(amount);
    }
}
