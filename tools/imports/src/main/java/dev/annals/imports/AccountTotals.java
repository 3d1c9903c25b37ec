package dev.annals.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.imports.CatchUp.LastRead;
import dev.annals.imports.CatchUp.Reached;
import dev.annals.imports.ImportReport.Verdict;
import dev.annals.operations.ServiceClient;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the view says of all accounts. It is right if every account of the input is in it with all its bookings, and
 * with its very amounts unless someone else has booked too.
 *
 * @param accounts all of them, also those that are not of the input
 * @param behind accounts of the input without all their bookings yet, for people
 * @param wrong accounts of the input with other amounts than the input has, for people
 */
record AccountTotals(
        long accounts,
        long transactions,
        BigDecimal deposits,
        BigDecimal withdrawals,
        BigDecimal balances,
        List<String> behind,
        List<String> wrong) {

    private static final int MAX_DIFFERENCES = 3;

    /** What the view says after the import of these accounts, which have their ids. */
    static Verdict verdict(ServiceClient queries, Map<String, Statement> statements) {
        LastRead<AccountTotals> last =
                new CatchUp<AccountTotals>().await(() -> read(queries, statements), AccountTotals::reached);
        List<String> differences = new ArrayList<>();
        if (last.failure() != null) {
            differences.add(Objects.requireNonNull(last.failure().getMessage()));
        }
        AccountTotals totals = last.value();
        if (totals == null) {
            return new Verdict(Map.of(), false, differences);
        }
        totals.behind().stream().limit(MAX_DIFFERENCES).forEach(differences::add);
        totals.wrong().stream().limit(MAX_DIFFERENCES).forEach(differences::add);
        long bookings =
                statements.values().stream().mapToLong(Statement::bookings).sum();
        boolean same = totals.agrees() && totals.accounts() == statements.size() && totals.transactions() == bookings;
        return new Verdict(totals.figures(), same, differences);
    }

    /** Wrong amounts do not come right by waiting. */
    private Reached reached() {
        return agrees() ? Reached.COMPLETE : behind.isEmpty() ? Reached.ENOUGH : Reached.NOT_ENOUGH;
    }

    static AccountTotals read(ServiceClient queries, Map<String, Statement> statements) {
        Summing summing = new Summing(statements);
        queries.forEachRow("accounts", summing::add);
        return summing.totals();
    }

    private static final class Summing {

        private final Map<String, Statement> statements;
        private final List<String> behind = new ArrayList<>();
        private final List<String> wrong = new ArrayList<>();
        private long found;
        private long accounts;
        private long transactions;
        private BigDecimal deposits = BigDecimal.ZERO;
        private BigDecimal withdrawals = BigDecimal.ZERO;
        private BigDecimal balances = BigDecimal.ZERO;

        Summing(Map<String, Statement> statements) {
            this.statements = statements;
        }

        void add(JsonNode row) {
            accounts++;
            transactions += row.path("transactionCount").asLong();
            deposits = deposits.add(Amounts.of(row, "totalDeposits"));
            withdrawals = withdrawals.add(Amounts.of(row, "totalWithdrawals"));
            balances = balances.add(Amounts.of(row, "balance"));
            Statement statement = statements.get(row.path("id").asText());
            if (statement != null) {
                found++;
                compare(row, statement);
            }
        }

        /** With more events than the input has, someone else has booked too, and the amounts say nothing. */
        private void compare(JsonNode row, Statement statement) {
            long version = row.path("version").asLong();
            if (version < statement.version()) {
                behind.add("account %s has version %d of %d".formatted(statement.id(), version, statement.version()));
            } else if (version == statement.version()) {
                String difference = difference(row, statement);
                if (difference != null) {
                    wrong.add(difference);
                }
            }
        }

        private static @Nullable String difference(JsonNode row, Statement statement) {
            boolean same = row.path("transactionCount").asLong() == statement.bookings()
                    && Amounts.of(row, "totalDeposits").compareTo(statement.deposits()) == 0
                    && Amounts.of(row, "totalWithdrawals").compareTo(statement.withdrawals()) == 0
                    && Amounts.of(row, "balance").compareTo(statement.balance()) == 0;
            return same
                    ? null
                    : "account %s: the view has %s after %s bookings, the input %s after %d"
                            .formatted(
                                    statement.id(),
                                    row.path("balance").asText(),
                                    row.path("transactionCount").asText(),
                                    statement.balance(),
                                    statement.bookings());
        }

        AccountTotals totals() {
            if (found < statements.size()) {
                behind.add("%,d accounts are not there".formatted(statements.size() - found));
            }
            return new AccountTotals(
                    accounts,
                    transactions,
                    Amounts.normal(deposits),
                    Amounts.normal(withdrawals),
                    Amounts.normal(balances),
                    List.copyOf(behind),
                    List.copyOf(wrong));
        }
    }

    boolean agrees() {
        return behind.isEmpty() && wrong.isEmpty();
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("accounts", accounts);
        figures.put("transactions", transactions);
        figures.put("deposits", deposits);
        figures.put("withdrawals", withdrawals);
        figures.put("balances", balances);
        return figures;
    }
}
