package dev.annals.orders;

import dev.annals.api.Doc;
import java.math.BigDecimal;
import java.time.Instant;

@Doc("View customer-orders: one order in the list of its customer, newest first.")
public record CustomerOrderRow(
        @Doc("Who ordered.") String customerId,
        @Doc("The order's id.") String orderId,

        @Doc("When the customer placed the order, or else the time of the command that did (UTC, milliseconds).")
        Instant placedAt,

        @Doc("How far the order has got.") OrderStatus status,

        @Doc("Sum of quantity times unit price over all lines.")
        BigDecimal total,

        @Doc("Currency of every amount of the order: ISO 4217 code, for instance GBP.")
        String currency,

        @Doc("How many lines there are.") int lineCount) {

    CustomerOrderRow withStatus(OrderStatus next) {
        return new CustomerOrderRow(customerId, orderId, placedAt, next, total, currency, lineCount);
    }

    CustomerOrderRow withLines(int count, BigDecimal changedTotal) {
        return new CustomerOrderRow(customerId, orderId, placedAt, status, changedTotal, currency, count);
    }
}
