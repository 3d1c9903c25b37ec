package dev.annals.orders;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.View;
import dev.annals.orders.OrderCommand.CancelOrder;
import dev.annals.orders.OrderCommand.ChangeOrderLines;
import dev.annals.orders.OrderCommand.PlaceOrder;
import java.util.List;

/** The aggregate type {@code orders} with its views. */
public final class OrdersDomain implements Domain {

    @Override
    public AggregateType<OrderCommand, Order, OrderEvent> aggregate() {
        return AggregateType.named("orders", new OrderDecider())
                .commands(OrderCommand.class)
                .events(OrderEvent.class)
                .state(Order.class)
                .createdBy(PlaceOrder.class)
                .replacedBy(ChangeOrderLines.class)
                .deletedBy(CancelOrder.class)
                .build();
    }

    @Override
    public List<View<?, ?>> views() {
        return List.of(new OrdersView(), new CustomerOrdersView(), new CountrySalesView());
    }
}
