package dev.annals.cli.importing;

import dev.annals.cli.importing.ImportOptions.Connected;
import dev.annals.cli.importing.SalesCheck.Verdict;
import dev.annals.cli.importing.SalesTotals.Customer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code annals import online-retail}. */
@Command(
        name = "online-retail",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Imports the orders of a British shop (UCI \"Online Retail\").",
            "Each sale is one PlaceOrder; credit notes and adjustments are skipped. Importing the same again changes "
                    + "nothing."
        },
        footer = {
            "",
            "Exit code 0 only if every command has a result and the views agree with the results: their totals have "
                    + "grown by what was newly accepted, and up to 200 accepted orders, looked up one by one, have the "
                    + "lines and the total of the input (unless changed since). The installation may hold other orders."
        })
final class ImportOnlineRetail implements Callable<Integer> {

    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "CSV, gzipped or not; none: an extract that comes with Annals, ten days of December 2010")
    private List<Path> files = List.of();

    @Mixin
    private final ImportOptions options = new ImportOptions();

    @Override
    public Integer call() {
        OnlineRetail source =
                new OnlineRetail(files.isEmpty() ? List.of(OnlineRetail.SHIPPED) : ImportOptions.files(files));
        Connected target = options.connect();
        SalesCheck check = new SalesCheck(target.queries());
        SalesBooks books = new SalesBooks();
        Importer.Run run = target.importer().run(source, books, options.progress(source.name()));
        Verdict verdict = check.verdict(books);
        return options.print(
                new ImportReport(source.name(), run, figures(verdict.totals()), verdict.same(), verdict.differences()));
    }

    private static Map<String, Object> figures(@Nullable SalesTotals totals) {
        Map<String, Object> figures = new LinkedHashMap<>();
        if (totals != null) {
            figures.put("orders", totals.sums().orders());
            figures.put("lines", totals.sums().lines());
            figures.put("total", totals.sums().total());
            figures.put("countries", totals.countries());
            figures.put("unitedKingdom", totals.unitedKingdom());
            figures.put("customers", totals.customers());
            figures.put("ordersWithCustomer", totals.customerOrders());
            Customer top = totals.top();
            if (top != null) {
                figures.put("topCustomer", top.customerId());
                figures.put("topCustomerOrders", top.orders());
                figures.put("topCustomerTotal", top.total());
            }
        }
        return figures;
    }
}
