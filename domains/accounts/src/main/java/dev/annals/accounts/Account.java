package dev.annals.accounts;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An account as its events made it. It holds what the rules need and what is kept when books are closed, not the
 * bookings: its size does not grow with them.
 *
 * @param status null as long as the account does not exist
 * @param overdraftLimit how far the balance may go below zero
 * @param balance deposits minus withdrawals; never below minus the limit
 * @param totalDeposits the sum of all deposits
 * @param transactionCount how many deposits and withdrawals there were
 * @param transfersSent how many transfers were sent, the number of the last one
 * @param openTransfers those that are neither completed nor refunded, by their numbers; never more than
 *     {@link AccountDecider#MAX_OPEN_TRANSFERS}
 */
public record Account(
        @Nullable AccountStatus status,
        @Nullable String owner,
        @Nullable String currency,
        BigDecimal overdraftLimit,
        BigDecimal balance,
        BigDecimal totalDeposits,
        long transactionCount,
        long transfersSent,
        List<OpenTransfer> openTransfers) {

    static final Account NONE = new Account(null, null, null, Money.ZERO, Money.ZERO, Money.ZERO, 0, 0, List.of());

    public Account {
        overdraftLimit = Money.exact(overdraftLimit);
        balance = Money.exact(balance);
        totalDeposits = Money.exact(totalDeposits);
        openTransfers = List.copyOf(openTransfers);
    }

    Account deposited(BigDecimal amount) {
        return booked(balance.add(amount), totalDeposits.add(amount));
    }

    Account withdrawn(BigDecimal amount) {
        return booked(balance.subtract(amount), totalDeposits);
    }

    private Account booked(BigDecimal newBalance, BigDecimal newDeposits) {
        return new Account(
                status,
                owner,
                currency,
                overdraftLimit,
                newBalance,
                newDeposits,
                transactionCount + 1,
                transfersSent,
                openTransfers);
    }

    Account closed() {
        return with(AccountStatus.CLOSED, transfersSent, openTransfers);
    }

    Account withOpen(OpenTransfer sent) {
        return with(
                status,
                sent.number(),
                Stream.concat(openTransfers.stream(), Stream.of(sent)).toList());
    }

    Account withoutOpen(long number) {
        return with(
                status,
                transfersSent,
                openTransfers.stream().filter(each -> each.number() != number).toList());
    }

    private Account with(@Nullable AccountStatus newStatus, long sent, List<OpenTransfer> open) {
        return new Account(
                newStatus, owner, currency, overdraftLimit, balance, totalDeposits, transactionCount, sent, open);
    }

    Optional<OpenTransfer> openTransfer(long number) {
        return openTransfers.stream().filter(each -> each.number() == number).findFirst();
    }

    /** What can be withdrawn. */
    BigDecimal available() {
        return balance.add(overdraftLimit);
    }

    /** What the balance would be if all came back that is under way: there must always be room for it. */
    BigDecimal balanceWithRefunds() {
        return openTransfers.stream().map(OpenTransfer::amount).reduce(balance, BigDecimal::add);
    }
}
