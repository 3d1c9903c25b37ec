package dev.annals.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Decision.Accepted;
import dev.annals.api.Decision.Rejected;
import dev.annals.orders.OrderCommand.PlaceOrder;
import dev.annals.testkit.DeciderKit;
import dev.annals.testkit.ViewKit;
import dev.annals.testsupport.RealData;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Test;

/**
 * Three months of a real shop (UCI "Online Retail", Chen 2012, CC BY 4.0) through the decider and the views. The
 * expected figures were counted from the files by other means.
 */
class OnlineRetailTest {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

    private final ViewKit<OrderEvent, OrderRow> orders = ViewKit.of(new OrdersView());
    private final ViewKit<OrderEvent, CustomerOrderRow> customerOrders = ViewKit.of(new CustomerOrdersView());
    private final ViewKit<OrderEvent, CountrySalesRow> countrySales = ViewKit.of(new CountrySalesView());
    private int rejected;

    @Test
    void december_2010_gives_the_known_figures() throws IOException {
        importMonths("2010-12");

        assertThat(orders.rows()).hasSize(1_629);
        assertThat(rejected).isEqualTo(70);
        assertThat(sum(CountrySalesRow::orders)).isEqualTo(1_629);
        assertThat(sum(CountrySalesRow::lines)).isEqualTo(41_683);
        assertThat(total(countrySales.rows().values().stream().map(CountrySalesRow::total)))
                .isEqualByComparingTo("823746.14");
        assertThat(countrySales.rows()).hasSize(23);
        assertThat(countrySales.row("United Kingdom").orElseThrow().total()).isEqualByComparingTo("748268.98");
        assertThat(totalByCustomer()).hasSize(885);
        assertTopCustomer("18102.0", 4, "27834.61");
    }

    @Test
    void three_months_give_the_known_figures() throws IOException {
        importMonths("2010-12", "2011-01", "2011-02");

        assertThat(orders.rows()).hasSize(3_875);
        assertThat(rejected).isEqualTo(214);
        assertThat(sum(CountrySalesRow::orders)).isEqualTo(3_875);
        assertThat(sum(CountrySalesRow::lines)).isEqualTo(103_217);
        assertThat(total(orders.rows().values().stream().map(OrderRow::total))).isEqualByComparingTo("2038742.59");
        assertThat(total(countrySales.rows().values().stream().map(CountrySalesRow::total)))
                .isEqualByComparingTo("2038742.59");
        assertThat(countrySales.rows()).hasSize(31);
        assertThat(countrySales.row("United Kingdom").orElseThrow().total()).isEqualByComparingTo("1739586.91");
        assertThat(totalByCustomer()).hasSize(1_682);
        assertTopCustomer("12346.0", 1, "77183.60");
    }

    private void importMonths(String... months) throws IOException {
        for (String month : months) {
            sales(RealData.file("orders/online_retail_" + month + ".csv.gz")).forEach(this::place);
        }
    }

    private void place(String invoice, PlaceOrder place) {
        switch (DeciderKit.given(new OrderDecider()).when(place).decision()) {
            case Accepted<OrderEvent> accepted ->
                accepted.events().forEach(event -> {
                    orders.given(invoice, event);
                    customerOrders.given(invoice, event);
                    countrySales.given(invoice, event);
                });
            case Rejected<OrderEvent> ignored -> rejected++;
        }
    }

    private static Map<String, PlaceOrder> sales(Path file) throws IOException {
        Map<String, List<CSVRecord>> rowsByInvoice = new LinkedHashMap<>();
        CSVFormat format = CSVFormat.DEFAULT
                .builder()
                .setHeader()
                .setSkipHeaderRecord(true)
                .get();
        try (Reader in =
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8)) {
            for (CSVRecord row : format.parse(in)) {
                String invoice = row.get("InvoiceNo");
                if (Character.isDigit(invoice.charAt(0))) {
                    rowsByInvoice
                            .computeIfAbsent(invoice, it -> new ArrayList<>())
                            .add(row);
                }
            }
        }
        Map<String, PlaceOrder> sales = new LinkedHashMap<>();
        rowsByInvoice.forEach((invoice, rows) -> sales.put(invoice, sale(rows)));
        return sales;
    }

    private static PlaceOrder sale(List<CSVRecord> rows) {
        CSVRecord first = rows.getFirst();
        return new PlaceOrder(
                first.get("CustomerID"),
                first.get("Country"),
                "GBP",
                LocalDateTime.parse(first.get("InvoiceDate"), TIME).toInstant(ZoneOffset.UTC),
                rows.stream().map(OnlineRetailTest::line).toList());
    }

    private static OrderLine line(CSVRecord row) {
        return new OrderLine(
                row.get("StockCode"),
                row.get("Description"),
                Integer.parseInt(row.get("Quantity")),
                new BigDecimal(row.get("UnitPrice")));
    }

    private long sum(Function<CountrySalesRow, Long> count) {
        return countrySales.rows().values().stream().mapToLong(count::apply).sum();
    }

    private void assertTopCustomer(String customer, int orderCount, String total) {
        Map.Entry<String, BigDecimal> top = totalByCustomer().entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow();
        assertThat(top.getKey()).isEqualTo(customer);
        assertThat(top.getValue()).isEqualByComparingTo(total);
        assertThat(customerOrders.rows().values())
                .filteredOn(row -> row.customerId().equals(customer))
                .hasSize(orderCount);
    }

    private Map<String, BigDecimal> totalByCustomer() {
        return customerOrders.rows().values().stream()
                .collect(Collectors.toMap(CustomerOrderRow::customerId, CustomerOrderRow::total, BigDecimal::add));
    }

    private static BigDecimal total(Stream<BigDecimal> amounts) {
        return amounts.reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
