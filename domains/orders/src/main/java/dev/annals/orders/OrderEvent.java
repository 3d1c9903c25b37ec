package dev.annals.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can happen to an order. Components are those of the Avro schemas in {@code /avro/orders}. */
public sealed interface OrderEvent {

    /**
     * An order was placed.
     *
     * @param placedAt as the command said; null if it did not
     * @param total sum of quantity times unit price
     */
    record OrderPlaced(
            @Nullable String customerId,
            @Nullable String country,
            String currency,
            @Nullable Instant placedAt,
            List<OrderLine> lines,
            BigDecimal total)
            implements OrderEvent {
        public OrderPlaced {
            lines = List.copyOf(lines);
            total = Money.exact(total);
        }
    }

    /** All lines were replaced. */
    record OrderLinesChanged(List<OrderLine> lines, BigDecimal total) implements OrderEvent {
        public OrderLinesChanged {
            lines = List.copyOf(lines);
            total = Money.exact(total);
        }
    }

    /** The order was paid in full. */
    record OrderPaid(String method, BigDecimal amount) implements OrderEvent {
        public OrderPaid {
            amount = Money.exact(amount);
        }
    }

    /** The order was handed to a carrier. */
    record OrderShipped(String carrier, String trackingNumber) implements OrderEvent {}

    /** The order reached the customer. */
    record OrderDelivered() implements OrderEvent {}

    /** The payment went back to the customer, always together with {@link OrderCancelled}. */
    record PaymentRefunded(String method, BigDecimal amount) implements OrderEvent {
        public PaymentRefunded {
            amount = Money.exact(amount);
        }
    }

    /** The order was cancelled; nothing follows. */
    record OrderCancelled(String reason) implements OrderEvent {}

    /** Pieces came back. */
    record LinesReturned(List<ReturnedLine> lines) implements OrderEvent {
        public LinesReturned {
            lines = List.copyOf(lines);
        }
    }
}
