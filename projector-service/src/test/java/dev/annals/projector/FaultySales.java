package dev.annals.projector;

import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.GroupedView;
import dev.annals.api.RecordedEvent;
import dev.annals.api.View;
import dev.annals.orders.CountrySalesRow;
import dev.annals.orders.CountrySalesView;
import dev.annals.orders.CountrySalesView.Sale;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrdersDomain;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sales of countries with two bugs: one country that the fold of an order knows not, and one that the sum does not.
 */
final class FaultySales implements GroupedView<OrderEvent, Sale, CountrySalesRow> {

    static final String UNKNOWN_TO_THE_FOLD = "Atlantis";
    static final String UNKNOWN_TO_THE_SUM = "Avalon";

    /** Orders with this view alone. */
    static final class Only implements Domain {

        @Override
        public AggregateType<?, ?, ?> aggregate() {
            return new OrdersDomain().aggregate();
        }

        @Override
        public List<View<?, ?>> views() {
            return List.of(new FaultySales());
        }
    }

    private final CountrySalesView sales = new CountrySalesView();

    @Override
    public String name() {
        return "faulty-sales";
    }

    @Override
    public Class<CountrySalesRow> row() {
        return sales.row();
    }

    @Override
    public Class<Sale> part() {
        return sales.part();
    }

    @Override
    public @Nullable Sale apply(@Nullable Sale sale, RecordedEvent<OrderEvent> event) {
        if (event.event() instanceof OrderPlaced placed && UNKNOWN_TO_THE_FOLD.equals(placed.country())) {
            throw new IllegalStateException("no such country: " + placed.country());
        }
        return sales.apply(sale, event);
    }

    @Override
    public String group(Sale sale) {
        return sales.group(sale);
    }

    @Override
    public CountrySalesRow add(@Nullable CountrySalesRow row, Sale sale) {
        if (sale.country().equals(UNKNOWN_TO_THE_SUM)) {
            throw new IllegalStateException("no sales there: " + sale.country());
        }
        return sales.add(row, sale);
    }

    @Override
    public @Nullable CountrySalesRow subtract(CountrySalesRow row, Sale sale) {
        return sales.subtract(row, sale);
    }
}
