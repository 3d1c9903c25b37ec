package dev.annals.projector;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** A row of {@link Customers}. */
record CustomerRow(long orders, BigDecimal ordered, long accounts, BigDecimal balance) {

    static CustomerRow orNew(@Nullable CustomerRow row) {
        return row == null ? new CustomerRow(0, BigDecimal.ZERO.setScale(4), 0, BigDecimal.ZERO.setScale(4)) : row;
    }

    CustomerRow plusOrders(long count, BigDecimal amount) {
        return new CustomerRow(orders + count, ordered.add(amount), accounts, balance);
    }

    CustomerRow plusAccounts(long count, BigDecimal amount) {
        return new CustomerRow(orders, ordered, accounts + count, balance.add(amount));
    }

    @Nullable
    CustomerRow orNothing() {
        return orders == 0 && accounts == 0 ? null : this;
    }
}
