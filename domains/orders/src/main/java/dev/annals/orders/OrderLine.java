package dev.annals.orders;

import dev.annals.api.Doc;
import java.math.BigDecimal;
import java.util.List;

@Doc("One line of an order.")
public record OrderLine(
        @Doc("The shop's article code.") String sku,
        @Doc("The article in words; may be empty.") String description,
        @Doc("Pieces; at least 1.") int quantity,

        @Doc("Price of one piece in the order's currency; at least 0.")
        BigDecimal unitPrice) {

    public OrderLine {
        unitPrice = Money.exact(unitPrice);
    }

    private BigDecimal amount() {
        return unitPrice.multiply(BigDecimal.valueOf(quantity));
    }

    static BigDecimal total(List<OrderLine> lines) {
        return lines.stream().map(OrderLine::amount).reduce(Money.ZERO, BigDecimal::add);
    }
}
