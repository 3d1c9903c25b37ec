package dev.annals.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.accounts.AccountCommand.Deposit;
import dev.annals.accounts.AccountCommand.OpenAccount;
import dev.annals.accounts.AccountCommand.Withdraw;
import dev.annals.api.Decision.Accepted;
import dev.annals.api.Decision.Rejected;
import dev.annals.testkit.ViewKit;
import dev.annals.testsupport.RealData;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/**
 * The transactions of 354 Czech bank accounts (PKDD'99 "Berka") through the decider and the view. The expected figures
 * were counted from the file by other means; the bank's own balances are rounded, ours are exact.
 */
class BerkaTest {

    private static final BigDecimal ENOUGH = new BigDecimal("1000000");
    private static final BigDecimal BANKS_ROUNDING = new BigDecimal("0.10");

    private final AccountDecider decider = new AccountDecider();
    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final ViewKit<AccountEvent, AccountRow> view = ViewKit.of(new AccountsView());
    private final Map<String, Integer> rejections = new HashMap<>();
    private final Map<String, BigDecimal> bankBalances = new HashMap<>();
    private final List<BigDecimal> roundings = new ArrayList<>();

    @Test
    void with_an_overdraft_every_row_is_booked_to_the_last_digit() throws IOException {
        book(ENOUGH);

        assertThat(rejections).isEmpty();
        assertThat(view.rows()).hasSize(354);
        assertThat(view.rows().values().stream()
                        .mapToLong(AccountRow::transactionCount)
                        .sum())
                .isEqualTo(30_200);
        assertThat(sum(view.rows().values().stream().map(AccountRow::balance))).isEqualByComparingTo("15012846.20");
        assertThat(sum(bankBalances.values().stream())).isEqualByComparingTo("15012818.90");
    }

    @Test
    void each_row_moves_the_balance_as_the_banks_own_figures_say() throws IOException {
        book(ENOUGH);

        assertThat(roundings).hasSize(30_200);
        assertThat(roundings).allSatisfy(it -> assertThat(it.abs()).isLessThanOrEqualTo(BANKS_ROUNDING));
        assertThat(roundings).filteredOn(it -> it.signum() == 0).hasSize(28_905);
    }

    @Test
    void without_an_overdraft_only_withdrawals_beyond_the_balance_are_rejected() throws IOException {
        book(BigDecimal.ZERO);

        assertThat(rejections).containsOnlyKeys("insufficient-funds");
        assertThat(accounts.values())
                .allSatisfy(account -> assertThat(account.balance()).isNotNegative());
    }

    private void book(BigDecimal overdraftLimit) throws IOException {
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (Reader in = new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(RealData.file("accounts/berka_354_accounts.csv.gz"))),
                StandardCharsets.UTF_8)) {
            for (CSVRecord row : format.parse(in)) {
                String id = row.get("account_id");
                if (!accounts.containsKey(id)) {
                    send(id, new OpenAccount("account " + id, "CZK", overdraftLimit));
                }
                book(id, row);
            }
        }
    }

    private void book(String id, CSVRecord row) {
        BigDecimal before = accounts.get(id).balance();
        send(id, booking(row));
        BigDecimal ourMove = accounts.get(id).balance().subtract(before);

        BigDecimal bankBalance = new BigDecimal(row.get("bank_balance"));
        BigDecimal bankBefore = bankBalances.getOrDefault(id, BigDecimal.ZERO);
        bankBalances.put(id, bankBalance);
        roundings.add(bankBalance.subtract(bankBefore).subtract(ourMove));
    }

    private static BigDecimal sum(Stream<BigDecimal> amounts) {
        return amounts.reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static AccountCommand booking(CSVRecord row) {
        BigDecimal amount = new BigDecimal(row.get("amount"));
        LocalDate day = LocalDate.parse(row.get("date"));
        return switch (row.get("direction")) {
            case "credit" -> new Deposit(amount, day, row.get("operation"));
            case "debit" -> new Withdraw(amount, day, row.get("operation"));
            default -> throw new IllegalArgumentException("neither credit nor debit: " + row);
        };
    }

    private void send(String id, AccountCommand command) {
        switch (decider.decide(command, accounts.getOrDefault(id, decider.initial()))) {
            case Accepted<AccountEvent> accepted ->
                accepted.events().forEach(event -> {
                    accounts.put(id, decider.evolve(accounts.getOrDefault(id, decider.initial()), event));
                    view.given(id, event);
                });
            case Rejected<AccountEvent> rejected -> rejections.merge(rejected.code(), 1, Integer::sum);
        }
    }
}
