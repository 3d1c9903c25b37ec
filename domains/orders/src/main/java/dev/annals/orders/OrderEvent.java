package dev.annals.orders;

import dev.annals.api.Doc;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can happen to an order. Avro schemas are recorded from it, see {@link Doc}. */
public sealed interface OrderEvent {

    @Doc("Event: an order was placed.")
    record OrderPlaced(
            @Doc("Who orders; absent for an anonymous sale.") @Nullable
            String customerId,

            @Doc("The country that the order is sold to, as the shop writes it.") @Nullable
            String country,

            @Doc("Currency of every amount of the order: ISO 4217 code, for instance GBP.")
            String currency,

            @Doc("When the customer placed the order (UTC); absent: the time of the command holds.") @Nullable
            Instant placedAt,

            @Doc("What is ordered; at least one line. The same sku may stand on several lines.")
            List<OrderLine> lines,

            @Doc("Sum of quantity times unit price over all lines.")
            BigDecimal total)
            implements OrderEvent {
        public OrderPlaced {
            lines = List.copyOf(lines);
            total = Money.exact(total);
        }
    }

    @Doc("Event: all lines of an order were replaced.")
    record OrderLinesChanged(
            @Doc("The lines that hold from now on.") List<OrderLine> lines,

            @Doc("Sum of quantity times unit price over the new lines.")
            BigDecimal total)
            implements OrderEvent {
        public OrderLinesChanged {
            lines = List.copyOf(lines);
            total = Money.exact(total);
        }
    }

    @Doc("Event: an order was paid in full.")
    record OrderPaid(
            @Doc("How the customer pays, for instance card or invoice.")
            String method,

            @Doc("What was paid, in the order's currency.") BigDecimal amount)
            implements OrderEvent {
        public OrderPaid {
            amount = Money.exact(amount);
        }
    }

    @Doc("Event: an order was handed to a carrier.")
    record OrderShipped(
            @Doc("Who carries the parcel.") String carrier,
            @Doc("The carrier's number of the parcel.") String trackingNumber)
            implements OrderEvent {}

    @Doc("Event: an order reached the customer.")
    record OrderDelivered() implements OrderEvent {}

    /** Always together with {@link OrderCancelled}. */
    @Doc("Event: the payment of an order went back to the customer.")
    record PaymentRefunded(
            @Doc("How the customer had paid.") String method,
            @Doc("What went back, in the order's currency.") BigDecimal amount)
            implements OrderEvent {
        public PaymentRefunded {
            amount = Money.exact(amount);
        }
    }

    @Doc("Event: an order was cancelled.")
    record OrderCancelled(@Doc("Why, in words.") String reason) implements OrderEvent {}

    @Doc("Event: pieces of an order came back.")
    record LinesReturned(@Doc("What came back.") List<ReturnedLine> lines) implements OrderEvent {
        public LinesReturned {
            lines = List.copyOf(lines);
        }
    }
}
