package dev.annals.imports;

import com.fasterxml.jackson.databind.JsonNode;
import dev.annals.imports.CatchUp.LastRead;
import dev.annals.imports.CatchUp.Reached;
import dev.annals.imports.ImportReport.Verdict;
import dev.annals.imports.OnlineRetail.Sale;
import dev.annals.imports.SalesBooks.Sample;
import dev.annals.operations.ServiceClient;
import dev.annals.operations.ServiceException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compares the views with what the import knows to be accepted.
 *
 * <p>The installation may hold other orders, and those imported may have been changed or cancelled since an earlier
 * import. So this much is required: the totals have grown at least by what was newly accepted since before the import,
 * and a sample of the accepted orders is there, each with the very lines and total of the input unless it has changed
 * since.
 */
final class SalesCheck {

    private static final int MAX_DIFFERENCES = 3;
    private static final Duration WAIT = Duration.ofSeconds(30);

    private final ServiceClient queries;
    private final SalesTotals before;

    /** Remembers what the views say before the import. */
    SalesCheck(ServiceClient queries) {
        this.queries = queries;
        this.before = SalesTotals.read(queries);
    }

    /** What the views say after the import. */
    Verdict verdict(SalesBooks books) {
        LastRead<SalesTotals> outcome =
                new CatchUp<SalesTotals>().await(() -> SalesTotals.read(queries), it -> reached(it, books));
        List<String> differences = new ArrayList<>();
        if (outcome.failure() != null) {
            differences.add(Objects.requireNonNull(outcome.failure().getMessage()));
        } else if (outcome.reached() == Reached.NOT_ENOUGH) {
            differences.add(behind(outcome.value(), books));
        }
        books.samples.stream()
                .map(this::difference)
                .filter(Objects::nonNull)
                .limit(MAX_DIFFERENCES)
                .forEach(differences::add);
        SalesTotals totals = outcome.value();
        boolean same =
                totals != null && totals.sums().equals(books.accepted) && totals.customerOrders() == books.withCustomer;
        return new Verdict(totals == null ? Map.of() : totals.figures(), same, differences);
    }

    private String behind(@Nullable SalesTotals totals, SalesBooks books) {
        return "the views are behind: they hold %s; expected at least %s"
                .formatted(
                        totals == null ? "nothing" : totals.sums().text(),
                        before.sums().plus(books.newlyAccepted).text());
    }

    private Reached reached(SalesTotals totals, SalesBooks books) {
        boolean grown = totals.sums().isAtLeast(before.sums().plus(books.newlyAccepted))
                && totals.customerOrders() >= before.customerOrders() + books.newlyWithCustomer;
        if (!grown) {
            return Reached.NOT_ENOUGH;
        }
        return totals.sums().isAtLeast(books.accepted) && totals.customerOrders() >= books.withCustomer
                ? Reached.COMPLETE
                : Reached.ENOUGH;
    }

    private @Nullable String difference(Sample sample) {
        String id = sample.sale().orderId();
        try {
            LastRead<JsonNode> found =
                    new CatchUp<JsonNode>().await(() -> row(id, sample.version()), row -> Reached.COMPLETE);
            ServiceException failure = found.failure();
            return found.value() == null
                    ? "order %s: %s".formatted(id, failure == null ? "no row" : failure.getMessage())
                    : difference(sample, found.value());
        } catch (ServiceException e) {
            return "order %s: %s".formatted(id, e.getMessage());
        }
    }

    private JsonNode row(String id, long version) {
        Map<String, String> parameters =
                Map.of("min_version", Long.toString(version), "timeout", Long.toString(WAIT.toSeconds()));
        return queries.get(ServiceClient.query(ServiceClient.path("v1", "orders", id), parameters), WAIT);
    }

    private static @Nullable String difference(Sample sample, JsonNode row) {
        Sale sale = sample.sale();
        boolean untouched = row.path("version").asLong() == sample.version();
        int lines = row.path("lineCount").asInt();
        BigDecimal total = Amounts.of(row, "total");
        if (untouched && (lines != sale.lines() || total.compareTo(sale.total()) != 0)) {
            return "order %s: the view has %d lines and %s, the input %d and %s"
                    .formatted(sale.orderId(), lines, total, sale.lines(), Amounts.normal(sale.total()));
        }
        return null;
    }
}
