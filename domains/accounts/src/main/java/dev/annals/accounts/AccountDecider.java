package dev.annals.accounts;

import static dev.annals.accounts.AccountRejection.ACCOUNT_ALREADY_EXISTS;
import static dev.annals.accounts.AccountRejection.ACCOUNT_CLOSED;
import static dev.annals.accounts.AccountRejection.ACCOUNT_NOT_FOUND;
import static dev.annals.accounts.AccountRejection.BALANCE_NOT_ZERO;
import static dev.annals.accounts.AccountRejection.CURRENCY_MISMATCH;
import static dev.annals.accounts.AccountRejection.INSUFFICIENT_FUNDS;
import static dev.annals.accounts.AccountRejection.INVALID_ACCOUNT_ID;
import static dev.annals.accounts.AccountRejection.INVALID_AMOUNT;
import static dev.annals.accounts.AccountRejection.TOO_MANY_OPEN_TRANSFERS;
import static dev.annals.accounts.AccountRejection.TRANSFERS_OPEN;
import static dev.annals.accounts.AccountRejection.TRANSFER_NOT_OPEN;
import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.annals.accounts.AccountCommand.CloseAccount;
import dev.annals.accounts.AccountCommand.CloseBooks;
import dev.annals.accounts.AccountCommand.CompleteTransfer;
import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountCommand.ReceiveTransfer;
import dev.annals.accounts.AccountCommand.RefundTransfer;
import dev.annals.accounts.AccountCommand.SendTransfer;
import dev.annals.accounts.AccountCommand.Withdraw;
import dev.annals.accounts.AccountEvent.AccountClosed;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.BooksClosed;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.MoneyWithdrawn;
import dev.annals.accounts.AccountEvent.TransferCompleted;
import dev.annals.accounts.AccountEvent.TransferReceived;
import dev.annals.accounts.AccountEvent.TransferRefunded;
import dev.annals.accounts.AccountEvent.TransferSent;
import dev.annals.api.Decider;
import dev.annals.api.Decision;
import dev.annals.api.Ids;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The rules of an account. A rule on the account's status comes before one on the command's own fields, and a wrong
 * amount before a missing balance.
 */
public final class AccountDecider implements Decider<AccountCommand, Account, AccountEvent> {

    /** They stand in the state, which is written with every command. */
    static final int MAX_OPEN_TRANSFERS = 100;

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
            case SendTransfer send -> ifOpen(account, () -> send(send, account));
            case ReceiveTransfer receive -> ifOpen(account, () -> receive(receive, account));
            case CompleteTransfer complete -> ifOpen(account, () -> complete(complete, account));
            case RefundTransfer refund -> ifOpen(account, () -> refund(refund, account));
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
                        0,
                        0,
                        List.of());
            case MoneyDeposited deposited -> account.deposited(deposited.amount());
            case MoneyWithdrawn withdrawn -> account.withdrawn(withdrawn.amount());
            case TransferSent sent ->
                account.withdrawn(sent.amount()).withOpen(new OpenTransfer(sent.number(), sent.to(), sent.amount()));
            case TransferReceived received -> account.deposited(received.amount());
            case TransferCompleted completed -> account.withoutOpen(completed.number());
            case TransferRefunded refunded ->
                account.deposited(refunded.amount()).withoutOpen(refunded.number());
            case AccountClosed closed -> account.closed();
            case BooksClosed books ->
                new Account(
                        books.status(),
                        books.owner(),
                        books.currency(),
                        books.overdraftLimit(),
                        books.totalDeposits().subtract(books.totalWithdrawals()),
                        books.totalDeposits(),
                        books.transactionCount(),
                        books.transfersSent(),
                        books.openTransfers());
        };
    }

    /** 2: the sums that are carried forward when books are closed. 3: transfers. */
    @Override
    public int version() {
        return 3;
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
        return objectionToAdding(deposit.amount(), account)
                .orElseGet(() ->
                        Decision.accept(new MoneyDeposited(deposit.amount(), deposit.bookedOn(), deposit.reference())));
    }

    private static Optional<Decision<AccountEvent>> objectionToAdding(BigDecimal amount, Account account) {
        if (amount.signum() <= 0) {
            return Optional.of(notPositive(amount));
        }
        return Money.exceedsLimit(account.balanceWithRefunds().add(amount))
                ? Optional.of(INVALID_AMOUNT.because("the balance would have more than 14 digits before the point"))
                : Optional.empty();
    }

    private static Decision<AccountEvent> withdraw(Withdraw withdraw, Account account) {
        return objectionToTaking(withdraw.amount(), account)
                .orElseGet(() -> Decision.accept(
                        new MoneyWithdrawn(withdraw.amount(), withdraw.bookedOn(), withdraw.reference())));
    }

    private static Optional<Decision<AccountEvent>> objectionToTaking(BigDecimal amount, Account account) {
        if (amount.signum() <= 0) {
            return Optional.of(notPositive(amount));
        }
        return amount.compareTo(account.available()) > 0
                ? Optional.of(INSUFFICIENT_FUNDS.because(
                        "%s can be withdrawn (balance %s, overdraft limit %s), but %s was asked for"
                                .formatted(
                                        account.available().toPlainString(),
                                        account.balance().toPlainString(),
                                        account.overdraftLimit().toPlainString(),
                                        amount.toPlainString())))
                : Optional.empty();
    }

    private static Decision<AccountEvent> send(SendTransfer send, Account account) {
        return objectionTo("to", send.to())
                .or(() -> objectionToTaking(send.amount(), account))
                .or(() -> account.openTransfers().size() < MAX_OPEN_TRANSFERS
                        ? Optional.empty()
                        : Optional.of(TOO_MANY_OPEN_TRANSFERS.because(
                                "%d transfers of the account have not ended; no more can be sent before one has"
                                        .formatted(MAX_OPEN_TRANSFERS))))
                .orElseGet(() -> Decision.accept(new TransferSent(
                        account.transfersSent() + 1,
                        send.to(),
                        send.amount(),
                        requireNonNull(account.currency()),
                        send.reference())));
    }

    private static Decision<AccountEvent> receive(ReceiveTransfer receive, Account account) {
        return objectionTo("from", receive.from())
                .or(() -> objectionToAdding(receive.amount(), account))
                .orElseGet(() -> receive.currency().equals(account.currency())
                        ? Decision.accept(new TransferReceived(
                                receive.from(), receive.number(), receive.amount(), receive.reference()))
                        : CURRENCY_MISMATCH.because("the account has %s, the money is in %s"
                                .formatted(account.currency(), receive.currency())));
    }

    /** Whatever such an id leads to, a process must be able to send to it. */
    private static Optional<Decision<AccountEvent>> objectionTo(String field, String accountId) {
        return Ids.isValid(accountId)
                ? Optional.empty()
                : Optional.of(INVALID_ACCOUNT_ID.because(
                        "%s: no account can have the id '%s': expected %s".formatted(field, accountId, Ids.RULE)));
    }

    private static Decision<AccountEvent> complete(CompleteTransfer complete, Account account) {
        return account.openTransfer(complete.number())
                .map(open -> Decision.<AccountEvent>accept(new TransferCompleted(open.number())))
                .orElseGet(() -> notOpen(complete.number()));
    }

    /** There is always room for what comes back, see {@link Account#balanceWithRefunds}. */
    private static Decision<AccountEvent> refund(RefundTransfer refund, Account account) {
        return account.openTransfer(refund.number())
                .map(open -> Decision.<AccountEvent>accept(
                        new TransferRefunded(open.number(), open.amount(), refund.reason())))
                .orElseGet(() -> notOpen(refund.number()));
    }

    private static Decision<AccountEvent> notOpen(long number) {
        return TRANSFER_NOT_OPEN.because("the account has sent no transfer %d that has not ended".formatted(number));
    }

    private static Decision<AccountEvent> close(Account account) {
        if (account.balance().signum() != 0) {
            return BALANCE_NOT_ZERO.because("the balance must be 0 to close the account, but is "
                    + account.balance().toPlainString());
        }
        return account.openTransfers().isEmpty()
                ? Decision.accept(new AccountClosed())
                : TRANSFERS_OPEN.because("money that the account has sent may come back: %d transfers have not ended"
                        .formatted(account.openTransfers().size()));
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
                account.status(),
                account.transfersSent(),
                account.openTransfers()));
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
