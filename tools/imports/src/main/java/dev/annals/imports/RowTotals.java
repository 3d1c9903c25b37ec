package dev.annals.imports;

import dev.annals.imports.CatchUp.LastRead;
import dev.annals.imports.CatchUp.Reached;
import dev.annals.imports.ImportReport.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the rows of a view come to, beside the import's own books.
 *
 * @param figures of all rows, also those that are not of the input
 * @param behind what is not there yet, for people
 * @param wrong what is there otherwise than the books have it, for people
 * @param same whether it is what the books have, and nobody else has changed any
 */
record RowTotals(Map<String, Long> figures, List<String> behind, List<String> wrong, boolean same) {

    private static final int MAX_DIFFERENCES = 3;

    RowTotals {
        behind = List.copyOf(behind);
        wrong = List.copyOf(wrong);
    }

    /** Reads until all is there, or nothing changes any more. */
    static Verdict verdict(Supplier<RowTotals> read) {
        LastRead<RowTotals> last = new CatchUp<RowTotals>().await(read, RowTotals::reached);
        List<String> differences = new ArrayList<>();
        if (last.failure() != null) {
            differences.add(Objects.requireNonNull(last.failure().getMessage()));
        }
        RowTotals totals = last.value();
        if (totals == null) {
            return new Verdict(Map.of(), false, differences);
        }
        Stream.of(totals.behind(), totals.wrong())
                .flatMap(each -> each.stream().limit(MAX_DIFFERENCES))
                .forEach(differences::add);
        return new Verdict(new LinkedHashMap<>(totals.figures()), totals.same(), differences);
    }

    /** What is wrong does not come right by waiting. */
    private Reached reached() {
        if (!behind.isEmpty()) {
            return Reached.NOT_ENOUGH;
        }
        return wrong.isEmpty() ? Reached.COMPLETE : Reached.ENOUGH;
    }
}
