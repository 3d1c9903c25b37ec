package dev.annals.imports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Puts the rows of each invoice together.
 *
 * <p>An invoice's rows stand together, except that now and then a row of another invoice stands between them (two tills
 * wrote at the same moment). So the last few invoices stay open. An invoice that comes back later than that is refused,
 * rather than split into two orders of one number.
 */
final class OpenInvoices {

    static final int MAX_OPEN = 4;

    /** Of one invoice; the largest known has about 1,100. */
    static final int MAX_ROWS = 10_000;

    /** Closed numbers that are remembered, to refuse one that comes back: four times what the whole data set has. */
    private static final int MAX_CLOSED = 100_000;

    private final Consumer<Invoice> complete;
    private final Map<String, List<CsvRow>> open = new LinkedHashMap<>();
    private final Map<String, Long> closedAtLine = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_CLOSED;
        }
    };

    /** All rows of one invoice, at least one. */
    record Invoice(String number, List<CsvRow> rows) {

        enum Kind {
            SALE,
            CREDIT_NOTE,
            ADJUSTMENT
        }

        CsvRow first() {
            return rows.getFirst();
        }

        /** @throws OperationFailedException if the number is of no known kind */
        Kind kind() {
            if (number.chars().allMatch(it -> it >= '0' && it <= '9')) {
                return Kind.SALE;
            }
            return switch (number.charAt(0)) {
                case 'C' -> Kind.CREDIT_NOTE;
                case 'A' -> Kind.ADJUSTMENT;
                default -> throw first().invalid(OnlineRetail.INVOICE, "digits, or C or A and digits");
            };
        }
    }

    /** @param complete takes the invoices, in the order of their first rows */
    OpenInvoices(Consumer<Invoice> complete) {
        this.complete = complete;
    }

    void add(CsvRow row) {
        String number = row.required(OnlineRetail.INVOICE);
        List<CsvRow> rows = open.computeIfAbsent(number, any -> opened(row, number));
        if (rows.size() == MAX_ROWS) {
            throw row.invalid(OnlineRetail.INVOICE, "at most %d rows an invoice".formatted(MAX_ROWS));
        }
        rows.add(row);
        if (open.size() > MAX_OPEN) {
            closeEldest();
        }
    }

    void finish() {
        while (!open.isEmpty()) {
            closeEldest();
        }
    }

    private List<CsvRow> opened(CsvRow row, String number) {
        Long closed = closedAtLine.get(number);
        if (closed != null) {
            throw row.invalid(
                    OnlineRetail.INVOICE, "the rows of an invoice together; its others end at line " + closed);
        }
        return new ArrayList<>();
    }

    private void closeEldest() {
        Map.Entry<String, List<CsvRow>> eldest = open.entrySet().iterator().next();
        open.remove(eldest.getKey());
        closedAtLine.put(eldest.getKey(), eldest.getValue().getLast().line());
        complete.accept(new Invoice(eldest.getKey(), eldest.getValue()));
    }
}
