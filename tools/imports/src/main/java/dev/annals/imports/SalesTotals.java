package dev.annals.imports;

import dev.annals.operations.ServiceClient;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the views say of all orders.
 *
 * @param unitedKingdom total; 0 if there is none
 * @param customerOrders rows of the view {@code customer-orders}
 * @param customers with an order that is not cancelled
 * @param top who ordered for most
 */
record SalesTotals(
        Sums sums,
        long countries,
        BigDecimal unitedKingdom,
        long customerOrders,
        long customers,
        @Nullable Customer top) {

    private static final String UNITED_KINGDOM = "United Kingdom";

    /** A customer's orders that are not cancelled. */
    record Customer(String customerId, long orders, BigDecimal total) {}

    static SalesTotals read(ServiceClient queries) {
        Map<String, Sums> countries = new HashMap<>();
        queries.forEachRow(
                "country-sales",
                row -> countries.put(
                        row.path("country").asText(),
                        new Sums(row.path("orders").asLong(), row.path("lines").asLong(), Amounts.of(row, "total"))));
        Map<String, Sums> customers = new HashMap<>();
        long[] rows = {0};
        queries.forEachRow("customer-orders", row -> {
            rows[0]++;
            if (!row.path("status").asText().equals("CANCELLED")) {
                Sums order = new Sums(1, row.path("lineCount").asLong(), Amounts.of(row, "total"));
                customers.merge(row.path("customerId").asText(), order, Sums::plus);
            }
        });
        return new SalesTotals(
                countries.values().stream().reduce(Sums.ZERO, Sums::plus),
                countries.size(),
                countries.getOrDefault(UNITED_KINGDOM, Sums.ZERO).total(),
                rows[0],
                customers.size(),
                top(customers));
    }

    private static @Nullable Customer top(Map<String, Sums> customers) {
        return customers.entrySet().stream()
                .map(it -> new Customer(
                        it.getKey(), it.getValue().orders(), it.getValue().total()))
                .max(Comparator.comparing(Customer::total).thenComparing(Customer::customerId))
                .orElse(null);
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("orders", sums.orders());
        figures.put("lines", sums.lines());
        figures.put("total", sums.total());
        figures.put("countries", countries);
        figures.put("unitedKingdom", unitedKingdom);
        figures.put("customers", customers);
        figures.put("ordersWithCustomer", customerOrders);
        if (top != null) {
            figures.put("topCustomer", top.customerId());
            figures.put("topCustomerOrders", top.orders());
            figures.put("topCustomerTotal", top.total());
        }
        return figures;
    }
}
