package dev.annals.accounts;

import static dev.annals.accounts.AccountRejection.ACCOUNT_ALREADY_EXISTS;
import static dev.annals.accounts.AccountRejection.ACCOUNT_CLOSED;
import static dev.annals.accounts.AccountRejection.ACCOUNT_NOT_FOUND;
import static dev.annals.accounts.AccountRejection.BALANCE_NOT_ZERO;
import static dev.annals.accounts.AccountRejection.INSUFFICIENT_FUNDS;
import static dev.annals.accounts.AccountRejection.INVALID_AMOUNT;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.annals.accounts.AccountCommand.CloseAccount;
import dev.annals.accounts.AccountCommand.CloseBooks;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountCommand.Withdraw;
import dev.annals.accounts.AccountEvent.AccountClosed;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.BooksClosed;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.MoneyWithdrawn;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import java.math.BigDecimal;
import java.util.function.Supplier;

/**
 * The rules of an account. A rule on the account's status comes before one on the command's own fields, and a wrong
 * amount before a missing balance.
 */
public final class AccountDecider implements Decider<AccountCommand, Account, AccountEvent> {

    @Override
    public Account initial() {
        return Account.NONE;
    }

    @Override
    public Decision<AccountEvent> decide(AccountCommand command, Account account) {
        return switch (command) {
            case OpenAccount open -> open(open, account);
            case Deposit deposit -> ifOpen(account, () -> deposit(deposit, account));
            case Withdraw withdraw -> ifOpen(account, () -> withdraw(withdraw, account));
            case CloseAccount close -> ifOpen(account, () -> close(account));
            case CloseBooks close -> closeBooks(account);
        };
    }

    @Override
    public Account evolve(Account account, AccountEvent event) {
        return switch (event) {
            case AccountOpened opened ->
                new Account(
                        AccountStatus.OPEN,
                        opened.owner(),
                        opened.currency(),
                        opened.overdraftLimit(),
                        Money.ZERO,
                        Money.ZERO,
                        0);
            case MoneyDeposited deposited -> account.deposited(deposited.amount());
            case MoneyWithdrawn withdrawn -> account.withdrawn(withdrawn.amount());
            case AccountClosed closed -> account.closed();
            case BooksClosed books ->
                new Account(
                        books.status(),
                        books.owner(),
                        books.currency(),
                        books.overdraftLimit(),
                        books.totalDeposits().subtract(books.totalWithdrawals()),
                        books.totalDeposits(),
                        books.transactionCount());
        };
    }

    /** 2: the sums that are carried forward when books are closed. */
    @Override
    public int version() {
        return 2;
    }

    @Override
    public AccountCommand summarize() {
        return new CloseBooks();
    }

    private static Decision<AccountEvent> open(OpenAccount open, Account account) {
        if (account.status() != null) {
            return ACCOUNT_ALREADY_EXISTS.because("an account with this id was opened before");
        }
        BigDecimal limit = requireNonNullElse(open.overdraftLimit(), Money.ZERO);
        if (limit.signum() < 0) {
            return INVALID_AMOUNT.because("the overdraft limit must be at least 0, but is " + limit.toPlainString());
        }
        return Decision.accept(new AccountOpened(open.owner(), open.currency(), limit));
    }

    private static Decision<AccountEvent> deposit(Deposit deposit, Account account) {
        if (deposit.amount().signum() <= 0) {
            return notPositive(deposit.amount());
        }
        if (Money.exceedsLimit(account.balance().add(deposit.amount()))) {
            return INVALID_AMOUNT.because("the balance would have more than 14 digits before the point");
        }
        return Decision.accept(new MoneyDeposited(deposit.amount(), deposit.bookedOn(), deposit.reference()));
    }

    private static Decision<AccountEvent> withdraw(Withdraw withdraw, Account account) {
        if (withdraw.amount().signum() <= 0) {
            return notPositive(withdraw.amount());
        }
        if (withdraw.amount().compareTo(account.available()) > 0) {
            return INSUFFICIENT_FUNDS.because(
                    "%s can be withdrawn (balance %s, overdraft limit %s), but %s was asked for"
                            .formatted(
                                    account.available().toPlainString(),
                                    account.balance().toPlainString(),
                                    account.overdraftLimit().toPlainString(),
                                    withdraw.amount().toPlainString()));
        }
        return Decision.accept(new MoneyWithdrawn(withdraw.amount(), withdraw.bookedOn(), withdraw.reference()));
    }

    private static Decision<AccountEvent> close(Account account) {
        return account.balance().signum() == 0
                ? Decision.accept(new AccountClosed())
                : BALANCE_NOT_ZERO.because("the balance must be 0 to close the account, but is "
                        + account.balance().toPlainString());
    }

    private static Decision<AccountEvent> closeBooks(Account account) {
        if (account.status() == null) {
            return notFound();
        }
        return Decision.accept(new BooksClosed(
                requireNonNull(account.owner()),
                requireNonNull(account.currency()),
                account.overdraftLimit(),
                account.totalDeposits(),
                account.totalDeposits().subtract(account.balance()),
                account.transactionCount(),
                account.status()));
    }

    private static Decision<AccountEvent> notFound() {
        return ACCOUNT_NOT_FOUND.because("no account with this id was opened");
    }

    private static Decision<AccountEvent> ifOpen(Account account, Supplier<Decision<AccountEvent>> decision) {
        return switch (account.status()) {
            case null -> notFound();
            case OPEN -> decision.get();
            case CLOSED -> ACCOUNT_CLOSED.because("the account is closed");
        };
    }

    private static Decision<AccountEvent> notPositive(BigDecimal amount) {
        return INVALID_AMOUNT.because("the amount must be more than 0, but is " + amount.toPlainString());
    }
}
