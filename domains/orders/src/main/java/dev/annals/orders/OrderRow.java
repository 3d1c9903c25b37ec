package dev.annals.orders;

import dev.annals.api.Doc;
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

@Doc("View orders: one order as it stands.")
public record OrderRow(
        @Doc("How far the order has got.") OrderStatus status,

        @Doc("Who orders; absent for an anonymous sale.") @Nullable
        String customerId,

        @Doc("The country that the order is sold to, as the shop writes it.") @Nullable
        String country,

        @Doc("Currency of every amount of the order: ISO 4217 code, for instance GBP.")
        String currency,

        @Doc("When the customer placed the order, or else the time of the command that did (UTC, milliseconds).")
        Instant placedAt,

        @Doc("The lines that hold now; returned pieces are still on them.")
        List<OrderLine> lines,

        @Doc("How many lines there are.") int lineCount,

        @Doc("Sum of quantity times unit price over all lines.")
        BigDecimal total,

        @Doc("How the customer paid; absent while unpaid.") @Nullable
        String paymentMethod,

        @Doc("What the customer paid; absent while unpaid. Stays when it is refunded.") @Nullable
        BigDecimal paidAmount,

        @Doc("What went back to the customer; absent without a refund.") @Nullable
        BigDecimal refundedAmount,

        @Doc("Who carries the parcel; absent while not shipped.") @Nullable
        String carrier,

        @Doc("The carrier's number of the parcel; absent while not shipped.") @Nullable
        String trackingNumber,

        @Doc("Pieces that came back, by sku.") Map<String, Long> returned,

        @Doc("Why the order was cancelled; absent unless it was.") @Nullable
        String cancelReason) {

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
