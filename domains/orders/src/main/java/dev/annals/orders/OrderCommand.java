package dev.annals.orders;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be asked of an order. Components are those of the Avro schemas in {@code /avro/orders}. */
public sealed interface OrderCommand {

    /**
     * Places a new order. A blank customer or country counts as absent.
     *
     * @param placedAt when the customer placed it; absent: views take the time of the command
     */
    record PlaceOrder(
            @Nullable String customerId,
            @Nullable String country,
            String currency,
            @Nullable Instant placedAt,
            List<OrderLine> lines)
            implements OrderCommand {
        public PlaceOrder {
            customerId = presentOrNull(customerId);
            country = presentOrNull(country);
            lines = List.copyOf(lines);
        }

        private static @Nullable String presentOrNull(@Nullable String text) {
            return text == null || text.isBlank() ? null : text;
        }
    }

    /** Replaces all lines of an order that is not paid yet. */
    record ChangeOrderLines(List<OrderLine> lines) implements OrderCommand {
        public ChangeOrderLines {
            lines = List.copyOf(lines);
        }
    }

    /** Pays in full. */
    record PayOrder(String method, BigDecimal amount) implements OrderCommand {
        public PayOrder {
            amount = Money.exact(amount);
        }
    }

    /** Hands a paid order to a carrier. */
    record ShipOrder(String carrier, String trackingNumber) implements OrderCommand {}

    /** Notes that a paid order has reached the customer, by a carrier or over the counter. */
    record DeliverOrder() implements OrderCommand {}

    /** Cancels an order that has not left the shop; a payment is refunded. */
    record CancelOrder(String reason) implements OrderCommand {}

    /** Takes pieces back. */
    record ReturnLines(List<ReturnedLine> lines) implements OrderCommand {
        public ReturnLines {
            lines = List.copyOf(lines);
        }
    }
}
