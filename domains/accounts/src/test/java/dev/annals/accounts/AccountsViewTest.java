package dev.annals.accounts;

import dev.annals.accounts.AccountEvent.AccountClosed;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.BooksClosed;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.accounts.AccountEvent.MoneyWithdrawn;
import dev.annals.accounts.AccountEvent.TransferCompleted;
import dev.annals.accounts.AccountEvent.TransferReceived;
import dev.annals.accounts.AccountEvent.TransferRefunded;
import dev.annals.accounts.AccountEvent.TransferSent;
import dev.annals.testkit.ViewKit;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

class AccountsViewTest {

    private static final AccountOpened OPENED = new AccountOpened("Ann", "CZK", new BigDecimal("50"));
    private static final MoneyDeposited TEN_IN = new MoneyDeposited(new BigDecimal("10"), null, null);
    private static final MoneyWithdrawn FIVE_OUT = new MoneyWithdrawn(new BigDecimal("5"), null, null);

    private final ViewKit<AccountEvent, AccountRow> accounts = ViewKit.of(new AccountsView());

    @Test
    void a_new_account_is_empty() {
        accounts.given("1", OPENED).thenRow("1", row("0.0000", "0.0000", "0.0000", 0, AccountStatus.OPEN));
    }

    @Test
    void deposits_and_withdrawals_add_up() {
        accounts.given("1", OPENED, TEN_IN, FIVE_OUT, TEN_IN)
                .given("2", OPENED, FIVE_OUT)
                .thenRow("1", row("15.0000", "20.0000", "5.0000", 3, AccountStatus.OPEN))
                .thenRow("2", row("-5.0000", "0.0000", "5.0000", 1, AccountStatus.OPEN));
    }

    @Test
    void a_closed_account_keeps_its_row() {
        accounts.given("1", OPENED, TEN_IN, FIVE_OUT, FIVE_OUT, new AccountClosed())
                .thenRow("1", row("0.0000", "10.0000", "10.0000", 3, AccountStatus.CLOSED));
    }

    @Test
    void closed_books_are_a_row_by_themselves() {
        BooksClosed books = new BooksClosed(
                "Ann",
                "CZK",
                new BigDecimal("50"),
                new BigDecimal("20"),
                new BigDecimal("5"),
                3,
                AccountStatus.OPEN,
                0,
                List.of());

        accounts.given("1", books, FIVE_OUT).thenRow("1", row("10.0000", "20.0000", "10.0000", 4, AccountStatus.OPEN));
    }

    @Test
    void money_that_is_sent_or_received_is_booked_and_so_is_what_comes_back() {
        BigDecimal four = new BigDecimal("4");
        accounts.given("1", OPENED, TEN_IN, new TransferSent(1, "2", four, "CZK", null))
                .given("2", OPENED, new TransferReceived("1", 1, four, null))
                .thenRow("1", row("6.0000", "10.0000", "4.0000", 2, AccountStatus.OPEN))
                .thenRow("2", row("4.0000", "4.0000", "0.0000", 1, AccountStatus.OPEN))
                .given("1", new TransferCompleted(1), new TransferSent(2, "2", four, "CZK", null))
                .thenRow("1", row("2.0000", "10.0000", "8.0000", 3, AccountStatus.OPEN))
                .given("1", new TransferRefunded(2, four, "account-closed"))
                .thenRow("1", row("6.0000", "14.0000", "8.0000", 4, AccountStatus.OPEN));
    }

    private static AccountRow row(
            String balance, String deposits, String withdrawals, long transactions, AccountStatus status) {
        return new AccountRow(
                "Ann",
                "CZK",
                new BigDecimal("50.0000"),
                new BigDecimal(balance),
                new BigDecimal(deposits),
                new BigDecimal(withdrawals),
                transactions,
                status);
    }
}
