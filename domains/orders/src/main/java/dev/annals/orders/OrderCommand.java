package dev.annals.orders;

import dev.annals.api.Doc;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can be asked of an order. Avro schemas are recorded from it, see {@link Doc}. */
public sealed interface OrderCommand {

    /** A blank customer or country counts as absent. */
    @Doc("Command: place a new order.")
    record PlaceOrder(
            @Doc("Who orders; absent for an anonymous sale.") @Nullable
            String customerId,

            @Doc("The country that the order is sold to, as the shop writes it.") @Nullable
            String country,

            @Doc("Currency of every amount of the order: ISO 4217 code, for instance GBP.")
            String currency,

            @Doc("When the customer placed the order (UTC); absent: the time of the command holds.") @Nullable
            Instant placedAt,

            @Doc("What is ordered; at least one line. The same sku may stand on several lines.")
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

    @Doc("Command: replace all lines of an order that is not paid yet.")
    record ChangeOrderLines(
            @Doc("What is ordered; at least one line. The same sku may stand on several lines.")
            List<OrderLine> lines) implements OrderCommand {
        public ChangeOrderLines {
            lines = List.copyOf(lines);
        }
    }

    @Doc("Command: pay an order in full.")
    record PayOrder(
            @Doc("How the customer pays, for instance card or invoice.")
            String method,

            @Doc("What is paid, in the order's currency; must equal the order's total.")
            BigDecimal amount)
            implements OrderCommand {
        public PayOrder {
            amount = Money.exact(amount);
        }
    }

    @Doc("Command: hand a paid order to a carrier.")
    record ShipOrder(
            @Doc("Who carries the parcel.") String carrier,
            @Doc("The carrier's number of the parcel.") String trackingNumber)
            implements OrderCommand {}

    /** By a carrier or over the counter. */
    @Doc("Command: note that a paid order has reached the customer.")
    record DeliverOrder() implements OrderCommand {}

    @Doc("Command: cancel an order that has not been shipped; a payment is refunded.")
    record CancelOrder(@Doc("Why, in words.") String reason) implements OrderCommand {}

    @Doc("Command: take pieces back; never more of an article than were bought.")
    record ReturnLines(
            @Doc("What comes back; at least one line.") List<ReturnedLine> lines) implements OrderCommand {
        public ReturnLines {
            lines = List.copyOf(lines);
        }
    }
}
