package dev.annals.orders;

import java.math.BigDecimal;
import java.time.Instant;

/** A row of the view {@code customer-orders}; the fields are described in {@code /avro/views/CustomerOrderRow.avsc}. */
public record CustomerOrderRow(
        String customerId,
        String orderId,
        Instant placedAt,
        OrderStatus status,
        BigDecimal total,
        String currency,
        int lineCount) {

    CustomerOrderRow withStatus(OrderStatus next) {
        return new CustomerOrderRow(customerId, orderId, placedAt, next, total, currency, lineCount);
    }

    CustomerOrderRow withLines(int count, BigDecimal changedTotal) {
        return new CustomerOrderRow(customerId, orderId, placedAt, status, changedTotal, currency, count);
    }
}
