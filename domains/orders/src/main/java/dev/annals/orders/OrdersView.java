package dev.annals.orders;

import dev.annals.api.AggregateView;
import dev.annals.api.Filter;
import dev.annals.api.RecordedEvent;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Every order as it stands. The row is the order's own state, folded by the same {@link OrderDecider#evolve}. */
public final class OrdersView implements AggregateView<OrderEvent, OrderRow> {

    private final OrderDecider decider = new OrderDecider();

    @Override
    public String name() {
        return "orders";
    }

    /** 2: times in milliseconds. */
    @Override
    public int version() {
        return 2;
    }

    @Override
    public Class<OrderRow> row() {
        return OrderRow.class;
    }

    @Override
    public List<Filter> filters() {
        return List.of(
                Filter.byField("customer", "customerId"),
                Filter.byField("country", "country"),
                Filter.byField("status", "status"),
                Filter.byField("placedAt", "placedAt"),
                Filter.byField("total", "total"));
    }

    @Override
    public OrderRow apply(@Nullable OrderRow row, RecordedEvent<OrderEvent> event) {
        Order before = row == null ? decider.initial() : row.order();
        Order after = decider.evolve(before, event.event());
        Instant placedAt = Objects.requireNonNullElse(after.placedAt(), event.time());
        return OrderRow.of(after, placedAt);
    }
}
