package dev.annals.accounts;

import dev.annals.accounts.AccountEvent.TransferSent;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Where a transfer has got: what an operator is shown, and all that the process {@code transfers} has to remember.
 *
 * @param step null as long as nothing was sent
 * @param from id of the account that has sent the money
 * @param number of the transfer in that account
 * @param problem the code of the last answer that was no acceptance; null if there was none
 */
public record Transfer(
        @Nullable Step step,
        @Nullable String from,
        long number,
        @Nullable String to,
        @Nullable BigDecimal amount,
        @Nullable String currency,
        @Nullable String problem) {

    /** In the order in which they come; of the last two one. */
    public enum Step {
        /** The other account was asked to book the money. */
        SENT,
        /** It has; the sender's account is asked to note that. */
        RECEIVED,
        /** It never will; the sender's account is asked to take the money back. */
        REFUSED,
        COMPLETED,
        REFUNDED
    }

    static final Transfer NONE = new Transfer(null, null, 0, null, null, null, null);

    public Transfer {
        amount = amount == null ? null : Money.exact(amount);
    }

    static Transfer sent(String from, TransferSent sent) {
        return new Transfer(Step.SENT, from, sent.number(), sent.to(), sent.amount(), sent.currency(), null);
    }

    Transfer at(Step next) {
        return new Transfer(next, from, number, to, amount, currency, problem);
    }

    Transfer withProblem(@Nullable String code) {
        return new Transfer(step, from, number, to, amount, currency, code);
    }
}
