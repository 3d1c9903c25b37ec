package dev.annals.orders;

import dev.annals.api.Filter;
import dev.annals.api.GroupedView;
import dev.annals.api.RecordedEvent;
import dev.annals.orders.OrderEvent.LinesReturned;
import dev.annals.orders.OrderEvent.OrderCancelled;
import dev.annals.orders.OrderEvent.OrderDelivered;
import dev.annals.orders.OrderEvent.OrderLinesChanged;
import dev.annals.orders.OrderEvent.OrderPaid;
import dev.annals.orders.OrderEvent.OrderPlaced;
import dev.annals.orders.OrderEvent.OrderShipped;
import dev.annals.orders.OrderEvent.PaymentRefunded;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was sold to each country: orders, lines and total of the orders that are not cancelled.
 *
 * <p>A return changes nothing: the order was sold. Totals are added up whatever their currency.
 */
public final class CountrySalesView implements GroupedView<OrderEvent, CountrySalesView.Sale, CountrySalesRow> {

    /** Where orders without a country are counted; a shop's own word for it in the data that we know. */
    static final String WITHOUT_COUNTRY = "Unspecified";

    /** What one order contributes. */
    public record Sale(String country, int lines, BigDecimal total) {}

    @Override
    public String name() {
        return "country-sales";
    }

    @Override
    public Class<CountrySalesRow> row() {
        return CountrySalesRow.class;
    }

    @Override
    public List<Filter> filters() {
        return List.of(Filter.byField("orders", "orders"), Filter.byField("total", "total"));
    }

    @Override
    public Class<Sale> part() {
        return Sale.class;
    }

    @Override
    public @Nullable Sale apply(@Nullable Sale sale, RecordedEvent<OrderEvent> event) {
        return switch (event.event()) {
            case OrderPlaced placed ->
                new Sale(
                        Objects.requireNonNullElse(placed.country(), WITHOUT_COUNTRY),
                        placed.lines().size(),
                        placed.total());
            case OrderLinesChanged changed ->
                sale == null ? null : new Sale(sale.country(), changed.lines().size(), changed.total());
            case OrderCancelled cancelled -> null;
            case OrderPaid paid -> sale;
            case OrderShipped shipped -> sale;
            case OrderDelivered delivered -> sale;
            case PaymentRefunded refunded -> sale;
            case LinesReturned returned -> sale;
        };
    }

    @Override
    public String group(Sale sale) {
        return sale.country();
    }

    @Override
    public CountrySalesRow add(@Nullable CountrySalesRow row, Sale sale) {
        return row == null
                ? new CountrySalesRow(sale.country(), 1, sale.lines(), sale.total())
                : new CountrySalesRow(
                        row.country(),
                        row.orders() + 1,
                        row.lines() + sale.lines(),
                        row.total().add(sale.total()));
    }

    @Override
    public @Nullable CountrySalesRow subtract(CountrySalesRow row, Sale sale) {
        return row.orders() == 1
                ? null
                : new CountrySalesRow(
                        row.country(),
                        row.orders() - 1,
                        row.lines() - sale.lines(),
                        row.total().subtract(sale.total()));
    }
}
