package dev.annals.imports;

import dev.annals.imports.OpenInvoices.Invoice;
import dev.annals.imports.OpenInvoices.Invoice.Kind;
import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.orders.OrderLine;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * UCI's "Online Retail" (Chen, 2012; DOI 10.24432/C5BW33): each sale becomes one {@code PlaceOrder}; credit notes and
 * adjustments are skipped. The memory it takes is that of a few invoices, however long the files are.
 */
record OnlineRetail(List<InputFile> files) implements CommandSource<OnlineRetail.Sale> {

    static final String INVOICE = "InvoiceNo";

    static final InputFile SHIPPED = InputFile.shipped("/samples/online-retail/online_retail_2010-12-01_to_10.csv.gz");

    private static final String SKU = "StockCode";
    private static final String DESCRIPTION = "Description";
    private static final String QUANTITY = "Quantity";
    private static final String TIME = "InvoiceDate";
    private static final String PRICE = "UnitPrice";
    private static final String CUSTOMER = "CustomerID";
    private static final String COUNTRY = "Country";
    private static final List<String> COLUMNS =
            List.of(INVOICE, SKU, DESCRIPTION, QUANTITY, TIME, PRICE, CUSTOMER, COUNTRY);

    private static final String CURRENCY = "GBP";
    private static final DateTimeFormatter TIME_FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

    /** What is kept of a sale until its result comes: enough to check the views by. */
    record Sale(String orderId, @Nullable String customerId, int lines, BigDecimal total) {}

    @Override
    public String name() {
        return "online-retail";
    }

    @Override
    public String aggregateType() {
        return "orders";
    }

    @Override
    public List<Class<? extends Record>> payloads() {
        return List.of(PlaceOrder.class);
    }

    @Override
    public Survey survey() {
        Map<Kind, Long> counts = new LinkedHashMap<>();
        forEachInvoice(invoice -> {
            counts.merge(invoice.kind(), 1L, Long::sum);
            if (invoice.kind() == Kind.SALE) {
                place(invoice);
            }
        });
        Map<String, Long> skipped = new LinkedHashMap<>();
        skipped.put("credit-notes", counts.getOrDefault(Kind.CREDIT_NOTE, 0L));
        skipped.put("adjustments", counts.getOrDefault(Kind.ADJUSTMENT, 0L));
        return new Survey(counts.getOrDefault(Kind.SALE, 0L), skipped);
    }

    @Override
    public void forEach(Consumer<Outgoing<Sale>> commands) {
        forEachInvoice(invoice -> {
            if (invoice.kind() == Kind.SALE) {
                commands.accept(place(invoice));
            }
        });
    }

    private void forEachInvoice(Consumer<Invoice> invoices) {
        OpenInvoices open = new OpenInvoices(invoices);
        CsvRow.forEach(files, COLUMNS, open::add);
        open.finish();
    }

    private Outgoing<Sale> place(Invoice invoice) {
        CsvRow first = invoice.first();
        String customer = textOrNull(first, CUSTOMER);
        String country = textOrNull(first, COUNTRY);
        Instant time = first.parsed(
                TIME,
                "a time such as 2010-12-01 08:26:00",
                text -> LocalDateTime.parse(text, TIME_FORMAT).toInstant(ZoneOffset.UTC));
        invoice.rows().forEach(row -> requireSame(first, row));
        List<OrderLine> lines = invoice.rows().stream().map(OnlineRetail::line).toList();
        return new Outgoing<>(
                invoice.number(),
                name() + "/" + invoice.number(),
                new PlaceOrder(customer, country, CURRENCY, time, lines),
                time,
                null,
                new Sale(invoice.number(), customer, lines.size(), total(lines)));
    }

    /** The times of an invoice's rows may differ by a minute: the first counts. */
    private static void requireSame(CsvRow first, CsvRow row) {
        for (String column : List.of(CUSTOMER, COUNTRY)) {
            if (!Objects.equals(first.text(column), row.text(column))) {
                throw row.invalid(
                        column, "'%s' as in line %d of the same invoice".formatted(first.text(column), first.line()));
            }
        }
    }

    private static OrderLine line(CsvRow row) {
        return new OrderLine(row.required(SKU), row.text(DESCRIPTION), row.wholeNumber(QUANTITY), row.money(PRICE));
    }

    private static BigDecimal total(List<OrderLine> lines) {
        return lines.stream()
                .map(line -> line.unitPrice().multiply(BigDecimal.valueOf(line.quantity())))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static @Nullable String textOrNull(CsvRow row, String column) {
        String text = row.text(column);
        return text.isEmpty() ? null : text;
    }
}
