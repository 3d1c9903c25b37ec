package dev.annals.projector;

import dev.annals.api.AggregateType;
import dev.annals.api.AggregateView;
import dev.annals.api.Domain;
import dev.annals.api.RecordedEvent;
import dev.annals.api.View;
import dev.annals.orders.CountrySalesRow;
import dev.annals.orders.CountrySalesView;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrdersDomain;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where each order went, as it was placed: a view that is added to a running installation, and changed later. */
record Places(int version, String mark) implements AggregateView<OrderEvent, CountrySalesRow> {

    static final String NAME = "places";

    static final Places FIRST = new Places(1, "");
    static final Places CHANGED = new Places(2, "*");

    /** Orders with the sales of countries and one of these. */
    record With(Places places) implements Domain {

        @Override
        public AggregateType<?, ?, ?> aggregate() {
            return new OrdersDomain().aggregate();
        }

        @Override
        public List<View<?, ?>> views() {
            return List.of(new CountrySalesView(), places);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Class<CountrySalesRow> row() {
        return CountrySalesRow.class;
    }

    @Override
    public @Nullable CountrySalesRow apply(@Nullable CountrySalesRow row, RecordedEvent<OrderEvent> event) {
        return event.event() instanceof OrderPlaced placed
                ? new CountrySalesRow(
                        mark + Objects.requireNonNull(placed.country()),
                        1,
                        placed.lines().size(),
                        placed.total())
                : row;
    }
}
