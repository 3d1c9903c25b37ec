package dev.annals.checker.answers;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** What the only client that writes to an account knows of it. For one thread. */
final class Account {

    private final String id;

    /** After each event; the index is the version less one. */
    private final List<BigDecimal> balances = new ArrayList<>();

    Account(String id) {
        this.id = id;
    }

    String id() {
        return id;
    }

    /** Of the last accepted command. */
    long version() {
        return balances.size();
    }

    BigDecimal balance() {
        return balanceAt(version());
    }

    BigDecimal balanceAt(long version) {
        return balances.get((int) version - 1);
    }

    void opened() {
        balances.add(BigDecimal.ZERO);
    }

    void deposited(BigDecimal amount) {
        balances.add(balance().add(amount));
    }
}
