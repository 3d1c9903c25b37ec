package dev.annals.cli.importing;

import dev.annals.cli.importing.CatchUp.Outcome;
import dev.annals.cli.importing.CatchUp.Reached;
import dev.annals.cli.importing.ImportOptions.Connected;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code annals import berka}. */
@Command(
        name = "berka",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Imports the transactions of a Czech bank (PKDD'99 \"Berka\").",
            "Opens each account with the overdraft that it needs, then books each row as a Deposit or a Withdraw. "
                    + "Importing the same again changes nothing."
        },
        footer = {
            "",
            "Exit code 0 only if every command has a result and the view agrees with the input: every account of it "
                    + "is there with all its bookings, and with its very amounts unless someone else has booked too."
        })
final class ImportBerka implements Callable<Integer> {

    private static final int MAX_DIFFERENCES = 3;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "CSV, gzipped or not; the rows of an account in their order")
    private List<Path> files = List.of();

    @Mixin
    private final ImportOptions options = new ImportOptions();

    @Override
    public Integer call() {
        Berka source = new Berka(ImportOptions.files(files));
        Connected target = options.connect();
        Importer.Run run = target.importer().run(source, settled -> {}, options.progress(source.name()));
        Map<String, Statement> statements = source.statements();
        Outcome<AccountTotals> outcome = new CatchUp<AccountTotals>()
                .await(() -> AccountTotals.read(target.queries(), statements), ImportBerka::reached);
        AccountTotals totals = outcome.value();
        return options.print(new ImportReport(
                source.name(), run, figures(totals), isSame(totals, statements.values()), differences(outcome)));
    }

    /** Wrong amounts do not come right by waiting. */
    private static Reached reached(AccountTotals totals) {
        return totals.agrees() ? Reached.COMPLETE : totals.behind().isEmpty() ? Reached.ENOUGH : Reached.NOT_ENOUGH;
    }

    private static List<String> differences(Outcome<AccountTotals> outcome) {
        List<String> differences = new ArrayList<>();
        if (outcome.failure() != null) {
            differences.add(Objects.requireNonNull(outcome.failure().getMessage()));
        }
        AccountTotals totals = outcome.value();
        if (totals != null) {
            totals.behind().stream().limit(MAX_DIFFERENCES).forEach(differences::add);
            totals.wrong().stream().limit(MAX_DIFFERENCES).forEach(differences::add);
        }
        return differences;
    }

    private static boolean isSame(@Nullable AccountTotals totals, Collection<Statement> statements) {
        return totals != null
                && totals.agrees()
                && totals.accounts() == statements.size()
                && totals.transactions()
                        == statements.stream().mapToLong(Statement::bookings).sum();
    }

    private static Map<String, Object> figures(@Nullable AccountTotals totals) {
        Map<String, Object> figures = new LinkedHashMap<>();
        if (totals != null) {
            figures.put("accounts", totals.accounts());
            figures.put("transactions", totals.transactions());
            figures.put("deposits", totals.deposits());
            figures.put("withdrawals", totals.withdrawals());
            figures.put("balances", totals.balances());
        }
        return figures;
    }
}
