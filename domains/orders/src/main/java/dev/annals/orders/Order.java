package dev.annals.orders;

import dev.annals.orders.OrderEvent.OrderPlaced;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An order as its events made it.
 *
 * @param status null as long as the order does not exist
 * @param lines what is ordered; returned pieces are still on them
 * @param total sum of quantity times unit price over the lines
 * @param payment null while unpaid; stays when it is refunded
 * @param shipment null while not with a carrier
 * @param returned pieces that came back, by sku, in the order of the skus
 * @param cancelReason null unless cancelled
 */
public record Order(
        @Nullable OrderStatus status,
        @Nullable String customerId,
        @Nullable String country,
        @Nullable String currency,
        @Nullable Instant placedAt,
        List<OrderLine> lines,
        BigDecimal total,
        @Nullable Payment payment,
        @Nullable Shipment shipment,
        Map<String, Long> returned,
        @Nullable String cancelReason) {

    static final Order NONE =
            new Order(null, null, null, null, null, List.of(), Money.ZERO, null, null, Map.of(), null);

    public Order {
        lines = List.copyOf(lines);
        total = Money.exact(total);
        // Sorted, so that the same state is always written as the same bytes.
        returned = Collections.unmodifiableMap(new TreeMap<>(returned));
    }

    /**
     * How the order was paid.
     *
     * @param refunded what went back; null without a refund
     */
    public record Payment(
            String method, BigDecimal amount, @Nullable BigDecimal refunded) {
        public Payment {
            amount = Money.exact(amount);
            refunded = refunded == null ? null : Money.exact(refunded);
        }
    }

    /** Who carries the order. */
    public record Shipment(String carrier, String trackingNumber) {}

    static Order placed(OrderPlaced event) {
        return new Order(
                OrderStatus.PLACED,
                event.customerId(),
                event.country(),
                event.currency(),
                event.placedAt(),
                event.lines(),
                event.total(),
                null,
                null,
                Map.of(),
                null);
    }

    Order withStatus(OrderStatus next) {
        return with(next, lines, total, payment, shipment, returned, cancelReason);
    }

    Order withLines(List<OrderLine> changed, BigDecimal changedTotal) {
        return with(status, changed, changedTotal, payment, shipment, returned, cancelReason);
    }

    Order paid(String method, BigDecimal amount) {
        Payment paid = new Payment(method, amount, null);
        return with(OrderStatus.PAID, lines, total, paid, shipment, returned, cancelReason);
    }

    Order refunded(String method, BigDecimal amount) {
        Payment refunded = new Payment(method, payment == null ? amount : payment.amount(), amount);
        return with(status, lines, total, refunded, shipment, returned, cancelReason);
    }

    Order shipped(Shipment handedOver) {
        return with(OrderStatus.SHIPPED, lines, total, payment, handedOver, returned, cancelReason);
    }

    Order cancelled(String reason) {
        return with(OrderStatus.CANCELLED, lines, total, payment, shipment, returned, reason);
    }

    Order withReturned(List<ReturnedLine> back) {
        return with(status, lines, total, payment, shipment, Pieces.plus(returned, back), cancelReason);
    }

    /** Who ordered what never changes once an order is placed; the rest does. */
    private Order with(
            @Nullable OrderStatus status,
            List<OrderLine> lines,
            BigDecimal total,
            @Nullable Payment payment,
            @Nullable Shipment shipment,
            Map<String, Long> returned,
            @Nullable String cancelReason) {
        return new Order(
                status,
                customerId,
                country,
                currency,
                placedAt,
                lines,
                total,
                payment,
                shipment,
                returned,
                cancelReason);
    }
}
