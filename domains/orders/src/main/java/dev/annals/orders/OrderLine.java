package dev.annals.orders;

import java.math.BigDecimal;
import java.util.List;

/**
 * One line of an order.
 *
 * @param sku the shop's article code; may stand on several lines
 * @param description the article in words
 * @param quantity pieces
 * @param unitPrice of one piece, in the order's currency, four decimals
 */
public record OrderLine(String sku, String description, int quantity, BigDecimal unitPrice) {

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
