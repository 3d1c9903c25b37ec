package dev.annals.orders;

import dev.annals.api.AggregateView;
import dev.annals.api.Filter;
import dev.annals.api.RecordedEvent;
import dev.annals.orders.OrderEvent.LinesReturned;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderDelivered;
import dev.annals.orders.OrderEvent.OrderLinesChanged;
import dev.annals.orders.OrderEvent.OrderPaid;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderEvent.OrderShipped;
import dev.annals.orders.OrderEvent.PaymentRefunded;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The orders of each customer, newest first; cancelled ones too. An order without a customer has no row.
 *
 * <p>Keys are read in ascending order, so the time stands in the key as what is left until the end of time; orders of
 * one millisecond stand in the order of their ids.
 */
public final class CustomerOrdersView implements AggregateView<OrderEvent, CustomerOrderRow> {

    private static final int DIGITS = 19;

    @Override
    public String name() {
        return "customer-orders";
    }

    /** 2: times in milliseconds. */
    @Override
    public int version() {
        return 2;
    }

    @Override
    public Class<CustomerOrderRow> row() {
        return CustomerOrderRow.class;
    }

    @Override
    public List<Filter> filters() {
        return List.of(
                Filter.byLeadingKey("customer", "customerId"),
                Filter.byField("placedAt", "placedAt"),
                Filter.byField("total", "total"));
    }

    @Override
    public String key(String aggregateId, CustomerOrderRow row) {
        return row.customerId()
                + Filter.KEY_SEPARATOR
                + newestFirst(row.placedAt())
                + Filter.KEY_SEPARATOR
                + aggregateId;
    }

    @Override
    public @Nullable CustomerOrderRow apply(@Nullable CustomerOrderRow row, RecordedEvent<OrderEvent> event) {
        if (event.event() instanceof OrderPlaced placed) {
            return placed(placed, event);
        }
        return row == null ? null : changed(row, event.event());
    }

    private static @Nullable CustomerOrderRow placed(OrderPlaced placed, RecordedEvent<OrderEvent> event) {
        if (placed.customerId() == null) {
            return null;
        }
        return new CustomerOrderRow(
                placed.customerId(),
                event.aggregateId(),
                Objects.requireNonNullElse(placed.placedAt(), event.time()),
                OrderStatus.PLACED,
                placed.total(),
                placed.currency(),
                placed.lines().size());
    }

    private static CustomerOrderRow changed(CustomerOrderRow row, OrderEvent event) {
        return switch (event) {
            case OrderLinesChanged changed -> row.withLines(changed.lines().size(), changed.total());
            case OrderPaid paid -> row.withStatus(OrderStatus.PAID);
            case OrderShipped shipped -> row.withStatus(OrderStatus.SHIPPED);
            case OrderDelivered delivered -> row.withStatus(OrderStatus.DELIVERED);
            case OrderCancelled cancelled -> row.withStatus(OrderStatus.CANCELLED);
            case OrderPlaced placed -> row;
            case PaymentRefunded refunded -> row;
            case LinesReturned returned -> row;
        };
    }

    /** Orders of before 1970 sort as of 1970: a difference of 19 digits has no room for them. */
    private static String newestFirst(Instant placedAt) {
        long micros = Math.max(0, ChronoUnit.MICROS.between(Instant.EPOCH, placedAt));
        String left = Long.toString(Long.MAX_VALUE - micros); // a format string takes ten times as long, at each event
        return "0".repeat(DIGITS - left.length()) + left;
    }
}
