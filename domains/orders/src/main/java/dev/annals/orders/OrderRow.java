package dev.annals.orders;

import dev.annals.orders.Order.Payment;
import dev.annals.orders.Order.Shipment;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A row of the view {@code orders}; the fields are described in {@code /avro/views/OrderRow.avsc}. */
public record OrderRow(
        OrderStatus status,
        @Nullable String customerId,
        @Nullable String country,
        String currency,
        Instant placedAt,
        List<OrderLine> lines,
        int lineCount,
        BigDecimal total,
        @Nullable String paymentMethod,
        @Nullable BigDecimal paidAmount,
        @Nullable BigDecimal refundedAmount,
        @Nullable String carrier,
        @Nullable String trackingNumber,
        Map<String, Long> returned,
        @Nullable String cancelReason) {

    public OrderRow {
        lines = List.copyOf(lines);
        // Sorted, so that the same row is always written as the same bytes.
        returned = Collections.unmodifiableMap(new TreeMap<>(returned));
    }

    static OrderRow of(Order order, Instant placedAt) {
        Payment payment = order.payment();
        Shipment shipment = order.shipment();
        return new OrderRow(
                Objects.requireNonNull(order.status(), "status of an order that has events"),
                order.customerId(),
                order.country(),
                Objects.requireNonNull(order.currency(), "currency of an order that has events"),
                placedAt,
                order.lines(),
                order.lines().size(),
                order.total(),
                payment == null ? null : payment.method(),
                payment == null ? null : payment.amount(),
                payment == null ? null : payment.refunded(),
                shipment == null ? null : shipment.carrier(),
                shipment == null ? null : shipment.trackingNumber(),
                order.returned(),
                order.cancelReason());
    }

    Order order() {
        return new Order(
                status,
                customerId,
                country,
                currency,
                placedAt,
                lines,
                total,
                paymentMethod == null || paidAmount == null
                        ? null
                        : new Payment(paymentMethod, paidAmount, refundedAmount),
                carrier == null || trackingNumber == null ? null : new Shipment(carrier, trackingNumber),
                returned,
                cancelReason);
    }
}
