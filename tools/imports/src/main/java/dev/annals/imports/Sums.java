package dev.annals.imports;

import dev.annals.imports.OnlineRetail.Sale;
import java.math.BigDecimal;
import java.util.Locale;

/** Orders summed up. Totals of equal amounts are equal, whatever their scale was. */
record Sums(long orders, long lines, BigDecimal total) {

    static final Sums ZERO = new Sums(0, 0, BigDecimal.ZERO);

    Sums {
        total = Amounts.normal(total);
    }

    Sums plus(Sums other) {
        return new Sums(orders + other.orders, lines + other.lines, total.add(other.total));
    }

    Sums plus(Sale sale) {
        return plus(new Sums(1, sale.lines(), sale.total()));
    }

    boolean isAtLeast(Sums other) {
        return orders >= other.orders && lines >= other.lines && total.compareTo(other.total) >= 0;
    }

    /** For people. */
    String text() {
        return String.format(Locale.ROOT, "%,d orders with %,d lines, %,.2f in total", orders, lines, total);
    }
}
