package dev.annals.benchmarks.load;

import dev.annals.accounts.AccountCommand;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import java.math.BigDecimal;

/** The commands that are sent; every account gets the same. */
enum CommandKind {
    OPEN(new OpenAccount("Ada", "EUR", null), "{\"owner\":\"Ada\",\"currency\":\"EUR\"}"),
    DEPOSIT(new Deposit(new BigDecimal("12.5"), null, null), "{\"amount\":\"12.5\"}");

    @SuppressWarnings("ImmutableEnumChecker") // the commands are immutable records
    private final AccountCommand payload;

    private final String json;

    CommandKind(AccountCommand payload, String json) {
        this.payload = payload;
        this.json = json;
    }

    AccountCommand payload() {
        return payload;
    }

    /** As the body of a request. */
    String json() {
        return json;
    }

    /** Of the record; also the last part of the URL. */
    String simpleName() {
        return payload.getClass().getSimpleName();
    }

    String fullName() {
        return "annals.accounts." + simpleName();
    }
}
