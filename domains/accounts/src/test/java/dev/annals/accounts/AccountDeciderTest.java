package dev.annals.accounts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import dev.annals.testkit.DeciderKit;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class AccountDeciderTest {

    private static final LocalDate DAY = LocalDate.of(1996, 7, 28);
    private static final AccountOpened OPENED = new AccountOpened("Ann", "CZK", money("0"));
    private static final AccountOpened OPENED_WITH_OVERDRAFT = new AccountOpened("Ann", "CZK", money("50"));
    private static final AccountClosed CLOSED = new AccountClosed();

    /** One valid command of every type except the opening one. */
    private static final List<AccountCommand> ON_AN_ACCOUNT = List.of(
            deposit("1"),
            withdraw("1"),
            send("1"),
            new ReceiveTransfer("b", 1, money("1"), "CZK", null),
            new CompleteTransfer(1),
            new RefundTransfer(1, "account-closed"),
            new CloseAccount());

    @ParameterizedTest
    @FieldSource("ON_AN_ACCOUNT")
    void an_account_that_was_not_opened_is_not_found(AccountCommand command) {
        given().when(command).thenRejected("account-not-found");
    }

    @ParameterizedTest
    @FieldSource("ON_AN_ACCOUNT")
    void nothing_happens_to_a_closed_account(AccountCommand command) {
        given(OPENED, CLOSED).when(command).thenRejected("account-closed");
    }

    @Test
    void the_accounts_status_is_reported_before_a_wrong_amount() {
        given().when(deposit("0")).thenRejected("account-not-found");
        given(OPENED, CLOSED).when(withdraw("0")).thenRejected("account-closed");
    }

    @Test
    void every_command_type_is_covered_above() {
        assertThat(ON_AN_ACCOUNT)
                .hasSize(AccountCommand.class.getPermittedSubclasses().length
                        - 2); // OpenAccount and CloseBooks are for others
    }

    @Nested
    class Opening {

        @Test
        void an_account_is_opened_without_an_overdraft_unless_one_is_asked_for() {
            given().when(new OpenAccount("Ann", "CZK", null)).then(OPENED);
            given().when(new OpenAccount("Ann", "CZK", money("50"))).then(OPENED_WITH_OVERDRAFT);
        }

        @Test
        void a_new_account_has_a_balance_of_0() {
            assertThat(given(OPENED).state().balance()).isEqualByComparingTo("0");
        }

        @Test
        void an_id_is_used_once_even_after_the_account_was_closed() {
            given(OPENED).when(new OpenAccount("Bob", "CZK", null)).thenRejected("account-already-exists");
            given(OPENED, CLOSED).when(new OpenAccount("Bob", "CZK", null)).thenRejected("account-already-exists");
        }

        @Test
        void an_overdraft_limit_below_0_is_rejected() {
            given().when(new OpenAccount("Ann", "CZK", money("-0.0001"))).thenRejected("invalid-amount", "-0.0001");
        }
    }

    @Nested
    class Depositing {

        @Test
        void money_is_deposited_with_its_day_and_reference() {
            given(OPENED)
                    .when(new Deposit(money("900"), DAY, "credit in cash"))
                    .then(new MoneyDeposited(money("900"), DAY, "credit in cash"));
        }

        @Test
        void the_amount_must_be_more_than_0() {
            given(OPENED).when(deposit("0")).thenRejected("invalid-amount");
            given(OPENED).when(deposit("-1")).thenRejected("invalid-amount", "-1");
            given(OPENED).when(deposit("0.0001")).thenAccepted();
        }

        @Test
        void a_balance_that_money_cannot_hold_is_rejected() {
            given(OPENED)
                    .when(deposit("99999999999999.9999"))
                    .thenAccepted()
                    .when(deposit("0.0001"))
                    .thenRejected("invalid-amount", "14 digits");
        }

        @Test
        void more_than_four_decimals_are_not_money() {
            assertThatThrownBy(() -> deposit("1.00001"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll("4 decimals", "1.00001");
        }
    }

    @Nested
    class Withdrawing {

        @Test
        void money_is_withdrawn_down_to_0() {
            given(OPENED, deposited("10"))
                    .when(new Withdraw(money("10"), DAY, "rent"))
                    .then(new MoneyWithdrawn(money("10"), DAY, "rent"));
        }

        @Test
        void no_more_is_withdrawn_than_there_is() {
            given(OPENED, deposited("10"))
                    .when(withdraw("10.0001"))
                    .thenRejected("insufficient-funds", "10.0000 can be withdrawn");
        }

        @Test
        void money_is_withdrawn_down_to_the_overdraft_limit() {
            given(OPENED_WITH_OVERDRAFT, deposited("10"))
                    .when(withdraw("60.0001"))
                    .thenRejected("insufficient-funds")
                    .when(withdraw("60"))
                    .then(withdrawn("60"))
                    .when(withdraw("0.0001"))
                    .thenRejected("insufficient-funds");
        }

        @Test
        void the_amount_must_be_more_than_0() {
            given(OPENED).when(withdraw("0")).thenRejected("invalid-amount");
            given(OPENED, deposited("1")).when(withdraw("-1")).thenRejected("invalid-amount");
        }
    }

    @Nested
    class Closing {

        @Test
        void an_account_with_a_balance_of_0_is_closed() {
            given(OPENED).when(new CloseAccount()).then(CLOSED);
            given(OPENED, deposited("1"), withdrawn("1.0000"))
                    .when(new CloseAccount())
                    .then(CLOSED);
        }

        @Test
        void an_account_with_money_or_debt_stays_open() {
            given(OPENED, deposited("0.0001")).when(new CloseAccount()).thenRejected("balance-not-zero", "0.0001");
            given(OPENED_WITH_OVERDRAFT, withdrawn("1"))
                    .when(new CloseAccount())
                    .thenRejected("balance-not-zero", "-1.0000");
        }
    }

    @Nested
    class ClosingTheBooks {

        @Test
        void what_the_account_came_to_is_carried_forward() {
            given(OPENED_WITH_OVERDRAFT, deposited("10"), withdrawn("4"))
                    .when(new CloseBooks())
                    .then(books(OPENED_WITH_OVERDRAFT, "10", "4", 2, AccountStatus.OPEN))
                    .when(withdraw("56.0001"))
                    .thenRejected("insufficient-funds")
                    .when(withdraw("56"))
                    .then(withdrawn("56"));
        }

        @Test
        void rules_go_on_from_the_books_alone() {
            given(books(OPENED, "10", "4", 2, AccountStatus.OPEN))
                    .when(withdraw("6.0001"))
                    .thenRejected("insufficient-funds")
                    .when(withdraw("6"))
                    .then(withdrawn("6"))
                    .when(new CloseAccount())
                    .then(CLOSED);
        }

        @Test
        void books_of_a_closed_account_are_closed_too() {
            given(OPENED, CLOSED)
                    .when(new CloseBooks())
                    .then(books(OPENED, "0", "0", 0, AccountStatus.CLOSED))
                    .when(deposit("1"))
                    .thenRejected("account-closed");
        }

        @Test
        void there_are_none_without_an_account() {
            given().when(new CloseBooks()).thenRejected("account-not-found");
        }
    }

    @Nested
    class SendingTransfers {

        @Test
        void the_money_leaves_at_once_and_transfers_are_numbered() {
            given(OPENED, deposited("10"))
                    .when(new SendTransfer("b", money("4"), "rent"))
                    .then(new TransferSent(1, "b", money("4"), "CZK", "rent"))
                    .when(withdraw("6.0001"))
                    .thenRejected("insufficient-funds")
                    .when(send("6"))
                    .then(sent(2, "6"));
        }

        @Test
        void no_more_is_sent_than_can_be_withdrawn() {
            given(OPENED_WITH_OVERDRAFT).when(send("50.0001")).thenRejected("insufficient-funds");
            given(OPENED_WITH_OVERDRAFT).when(send("50")).thenAccepted();
        }

        @Test
        void the_amount_must_be_more_than_0() {
            given(OPENED, deposited("10")).when(send("0")).thenRejected("invalid-amount");
            given(OPENED, deposited("10")).when(send("-1")).thenRejected("invalid-amount");
        }

        @Test
        void an_id_that_no_account_can_have_is_rejected() {
            given(OPENED, deposited("10"))
                    .when(new SendTransfer("b c", money("1"), null))
                    .thenRejected("invalid-account-id", "to: no account can have the id 'b c'");
        }

        @Test
        void no_more_than_a_hundred_are_open() {
            AccountEvent[] events = Stream.concat(
                            Stream.of(OPENED, deposited("200")),
                            LongStream.rangeClosed(1, 100).mapToObj(number -> sent(number, "1")))
                    .toArray(AccountEvent[]::new);

            given(events)
                    .when(send("1"))
                    .thenRejected("too-many-open-transfers", "100 transfers")
                    .when(new CompleteTransfer(50))
                    .thenAccepted()
                    .when(send("1"))
                    .then(sent(101, "1"));
        }

        @Test
        void an_account_stays_open_until_its_transfers_have_ended() {
            given(OPENED, deposited("1"), sent(1, "1"))
                    .when(new CloseAccount())
                    .thenRejected("transfers-open", "1 transfers")
                    .when(new CompleteTransfer(1))
                    .then(new TransferCompleted(1))
                    .when(new CloseAccount())
                    .then(CLOSED);
        }
    }

    @Nested
    class EndingTransfers {

        @Test
        void a_transfer_that_was_completed_has_ended() {
            given(OPENED, deposited("10"), sent(1, "4"))
                    .when(new CompleteTransfer(1))
                    .then(new TransferCompleted(1))
                    .when(new CompleteTransfer(1))
                    .thenRejected("transfer-not-open")
                    .when(new RefundTransfer(1, "why"))
                    .thenRejected("transfer-not-open", "transfer 1");
        }

        @Test
        void what_comes_back_is_what_was_sent_and_once() {
            assertThat(given(OPENED, deposited("10"), sent(1, "4"), sent(2, "1"))
                            .when(new RefundTransfer(1, "account-closed"))
                            .then(new TransferRefunded(1, money("4"), "account-closed"))
                            .when(new RefundTransfer(1, "account-closed"))
                            .thenRejected("transfer-not-open")
                            .state())
                    .returns(money("9.0000"), Account::balance)
                    .returns(money("14.0000"), Account::totalDeposits)
                    .returns(List.of(new OpenTransfer(2, "b", money("1"))), Account::openTransfers);
        }

        @Test
        void what_was_never_sent_has_not_ended() {
            given(OPENED).when(new CompleteTransfer(1)).thenRejected("transfer-not-open");
            given(OPENED).when(new RefundTransfer(0, "why")).thenRejected("transfer-not-open");
        }

        @Test
        void there_is_always_room_for_what_comes_back() {
            given(OPENED, deposited("99999999999999.9999"), sent(1, "5"))
                    .when(deposit("0.0001"))
                    .thenRejected("invalid-amount", "14 digits")
                    .when(new RefundTransfer(1, "account-closed"))
                    .thenAccepted();
        }
    }

    @Nested
    class ReceivingTransfers {

        @Test
        void money_is_booked_with_the_transfer_that_it_comes_from() {
            given(OPENED)
                    .when(new ReceiveTransfer("b", 7, money("4"), "CZK", "rent"))
                    .then(new TransferReceived("b", 7, money("4"), "rent"))
                    .when(withdraw("4"))
                    .thenAccepted();
        }

        @Test
        void money_of_another_currency_is_rejected() {
            given(OPENED)
                    .when(new ReceiveTransfer("b", 7, money("4"), "EUR", null))
                    .thenRejected("currency-mismatch", "the account has CZK, the money is in EUR");
        }

        @Test
        void the_rules_of_a_deposit_hold() {
            given(OPENED)
                    .when(new ReceiveTransfer("b", 7, money("0"), "CZK", null))
                    .thenRejected("invalid-amount");
            given(OPENED, deposited("99999999999999.9999"))
                    .when(new ReceiveTransfer("b", 7, money("0.0001"), "CZK", null))
                    .thenRejected("invalid-amount", "14 digits");
        }

        @Test
        void an_id_that_no_account_can_have_is_rejected() {
            given(OPENED)
                    .when(new ReceiveTransfer("", 7, money("4"), "CZK", null))
                    .thenRejected("invalid-account-id", "from");
        }
    }

    @Test
    void books_are_closed_with_the_transfers_that_are_open() {
        given(OPENED, deposited("10"), sent(1, "4"), sent(2, "1"), new TransferCompleted(1))
                .when(new CloseBooks())
                .then(new BooksClosed(
                        "Ann",
                        "CZK",
                        money("0"),
                        money("10"),
                        money("5"),
                        3,
                        AccountStatus.OPEN,
                        2,
                        List.of(new OpenTransfer(2, "b", money("1")))))
                .when(send("1"))
                .then(sent(3, "1"))
                .when(new RefundTransfer(2, "account-closed"))
                .thenAccepted();
    }

    private static BooksClosed books(
            AccountOpened opened, String deposits, String withdrawals, long transactions, AccountStatus status) {
        return new BooksClosed(
                opened.owner(),
                opened.currency(),
                opened.overdraftLimit(),
                money(deposits),
                money(withdrawals),
                transactions,
                status,
                0,
                List.of());
    }

    private static SendTransfer send(String amount) {
        return new SendTransfer("b", money(amount), null);
    }

    private static TransferSent sent(long number, String amount) {
        return new TransferSent(number, "b", money(amount), "CZK", null);
    }

    private static DeciderKit<AccountCommand, Account, AccountEvent> given(AccountEvent... events) {
        return DeciderKit.given(new AccountDecider(), events);
    }

    private static Deposit deposit(String amount) {
        return new Deposit(money(amount), null, null);
    }

    private static Withdraw withdraw(String amount) {
        return new Withdraw(money(amount), null, null);
    }

    private static MoneyDeposited deposited(String amount) {
        return new MoneyDeposited(money(amount), null, null);
    }

    private static MoneyWithdrawn withdrawn(String amount) {
        return new MoneyWithdrawn(money(amount), null, null);
    }

    private static BigDecimal money(String amount) {
        return new BigDecimal(amount);
    }
}
