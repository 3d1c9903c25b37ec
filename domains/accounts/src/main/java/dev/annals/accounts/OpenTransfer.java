package dev.annals.accounts;

import dev.annals.api.Doc;
import java.math.BigDecimal;

@Doc("Money that an account has sent, of which it is not yet known whether the other one has it.")
public record OpenTransfer(
        @Doc("Counts the transfers that the account has sent, from 1.")
        long number,

        @Doc("Id of the account that is to have it.") String to,
        @Doc("What was taken from the balance.") BigDecimal amount) {

    public OpenTransfer {
        amount = Money.exact(amount);
    }
}
