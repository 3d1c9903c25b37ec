package dev.annals.imports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountCommand.Withdraw;
import dev.annals.imports.CommandSource.Outgoing;
import dev.annals.operations.OperationFailedException;
import dev.annals.testsupport.RealData;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BerkaTest {

    @Test
    void an_account_is_opened_and_then_booked_in_order() {
        var commands = Files.commands(Files.berka(
                "25,1,1996-07-28,credit,credit in cash,,900.00,900.00",
                "25,2,1996-08-27,debit,withdrawal in cash,household,100.50,799.50"));

        assertThat(commands).extracting(Outgoing::commandId).containsExactly("berka/25/0", "berka/25/1", "berka/25/2");
        assertThat(commands).extracting(Outgoing::aggregateId).containsOnly("25");
        assertThat(commands).extracting(Outgoing::expectedVersion).containsExactly(0L, 1L, 2L);
        assertThat(commands)
                .extracting(Outgoing::time)
                .containsExactly(
                        Instant.parse("1996-07-28T00:00:00Z"),
                        Instant.parse("1996-07-28T00:00:00Z"),
                        Instant.parse("1996-08-27T00:00:00Z"));
        assertThat(commands)
                .extracting(Outgoing::payload)
                .containsExactly(
                        new OpenAccount("Berka account 25", "CZK", BigDecimal.ZERO),
                        new Deposit(new BigDecimal("900"), LocalDate.of(1996, 7, 28), "credit in cash"),
                        new Withdraw(
                                new BigDecimal("100.5"), LocalDate.of(1996, 8, 27), "withdrawal in cash: household"));
    }

    @Test
    void the_overdraft_is_what_the_lowest_balance_needs() {
        Berka source = Files.berka(
                "1,1,1996-01-01,credit,,,10,10", "1,2,1996-01-02,debit,,,40,-30", "1,3,1996-01-03,credit,,,100,70");

        OpenAccount open = (OpenAccount) Files.commands(source).getFirst().payload();

        assertThat(open.overdraftLimit()).isEqualByComparingTo("30");
    }

    @Test
    void an_amount_of_zero_is_skipped_and_leaves_no_gap_in_the_versions() {
        Berka source = Files.berka(
                "1,1,1996-01-01,credit,,,10,10", "1,2,1996-01-02,credit,,,0.00,10", "1,3,1996-01-03,debit,,,5,5");

        assertThat(source.survey().commands()).isEqualTo(3);
        assertThat(source.survey().skipped()).containsEntry("zero-amounts", 1L);
        assertThat(Files.commands(source)).extracting(Outgoing::expectedVersion).containsExactly(0L, 1L, 2L);
        assertThat(Files.commands(source))
                .extracting(Outgoing::commandId)
                .containsExactly("berka/1/0", "berka/1/1", "berka/1/3");
    }

    @Test
    void accounts_may_stand_between_each_other() {
        Berka source = Files.berka(
                "1,1,1996-01-01,credit,,,10,10", "2,1,1996-01-01,credit,,,10,10", "1,2,1996-01-02,debit,,,5,5");

        assertThat(Files.commands(source))
                .extracting(Outgoing::commandId)
                .containsExactly("berka/1/0", "berka/1/1", "berka/2/0", "berka/2/1", "berka/1/2");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1,1,1996-01-02,credit,,,1,1     | seq '1': expected more than the 1
            1,2,1996-01-02,transfer,,,1,1   | direction 'transfer': expected credit or debit
            1,2,1996-13-02,credit,,,1,1     | date '1996-13-02': expected a date
            1,2,1996-01-02,credit,,,-1,1    | amount '-1': expected 0 or more
            1,2,1996-01-02,credit,,,1.23456,1 | amount '1.23456': expected at most 4 decimals
            ,2,1996-01-02,credit,,,1,1      | account_id '': expected a value
            """)
    void a_malformed_row_is_named(String row, String message) {
        Berka source = Files.berka("1,1,1996-01-01,credit,,,1,1", row);

        assertThatThrownBy(source::survey)
                .isInstanceOf(OperationFailedException.class)
                .hasMessageStartingWith("bank.csv, line 3: ")
                .hasMessageContaining(message);
    }

    @Test
    void the_recorded_bank_needs_an_overdraft_on_as_many_accounts_as_are_known() {
        Berka source = new Berka(List.of(InputFile.of(RealData.file("accounts/berka_354_accounts.csv.gz"))));

        var commands = Files.commands(source);

        assertThat(commands).hasSize(30_554);
        Set<String> ids = new HashSet<>();
        commands.forEach(it -> ids.add(it.commandId()));
        assertThat(ids).hasSize(30_554);
        assertThat(source.statements()).hasSize(354);
        assertThat(source.statements().values().stream()
                        .map(Statement::balance)
                        .reduce(BigDecimal.ZERO, BigDecimal::add))
                .isEqualByComparingTo("15012846.20");
        assertThat(source.statements().values())
                .filteredOn(it -> it.overdraft().signum() > 0)
                .hasSize(14);
    }
}
