package dev.annals.imports;

import dev.annals.imports.CatchUp.LastRead;
import dev.annals.imports.CatchUp.Reached;
import dev.annals.operations.ProgressListener;
import dev.annals.operations.ServiceClient;
import dev.annals.operations.kafka.KafkaAccess;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Import of {@link Berka}. It is right if every account of the input is in the view with all its bookings, and with its
 * very amounts unless someone else has booked too.
 */
record BerkaImport(Berka source) implements Import {

    private static final int MAX_DIFFERENCES = 3;

    @Override
    public String name() {
        return source.name();
    }

    @Override
    public ImportReport run(KafkaAccess kafka, ServiceClient queries, ProgressListener progress) {
        Importer.Run run = new Importer(kafka).run(source, settled -> {}, progress);
        Map<String, Statement> statements = source.statements();
        LastRead<AccountTotals> last =
                new CatchUp<AccountTotals>().await(() -> AccountTotals.read(queries, statements), BerkaImport::reached);
        AccountTotals totals = last.value();
        return ImportReport.of(
                name(),
                run,
                totals == null ? Map.of() : totals.figures(),
                isSame(totals, statements.values()),
                differences(last));
    }

    /** Wrong amounts do not come right by waiting. */
    private static Reached reached(AccountTotals totals) {
        return totals.agrees() ? Reached.COMPLETE : totals.behind().isEmpty() ? Reached.ENOUGH : Reached.NOT_ENOUGH;
    }

    private static List<String> differences(LastRead<AccountTotals> last) {
        List<String> differences = new ArrayList<>();
        if (last.failure() != null) {
            differences.add(Objects.requireNonNull(last.failure().getMessage()));
        }
        AccountTotals totals = last.value();
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
}
