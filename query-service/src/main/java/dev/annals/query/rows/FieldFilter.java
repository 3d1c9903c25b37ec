package dev.annals.query.rows;

import dev.annals.api.Filter;
import dev.annals.engine.json.ScalarOrder;
import dev.annals.service.http.ProblemException;
import dev.annals.service.http.Requests;
import java.time.DateTimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What the rows of a page have in a field: one value ({@code country=France}), or one of a range ({@code total=10..20},
 * {@code total=10..}, {@code total=..20}), both ends included, in the order of the field's type. A value that has the
 * two dots in it and is no range stands in double quotes ({@code customer="a..b"}).
 */
sealed interface FieldFilter {

    String TO = "..";

    Filter declared();

    /** @param value as it stands in JSON, without quotes */
    boolean accepts(String value);

    /**
     * Whether the two dots are in it; releases before there were ranges take them, and the quotes, for a part of a
     * value.
     */
    boolean hasDots();

    record Equal(Filter declared, String wanted) implements FieldFilter {

        @Override
        public boolean accepts(String value) {
            return wanted.equals(value);
        }

        @Override
        public boolean hasDots() {
            return wanted.contains(TO);
        }
    }

    /** @param from null for no limit, and so is {@code to} */
    record Range<T>(
            Filter declared,
            ScalarOrder<T> order,
            @Nullable T from,
            @Nullable T to) implements FieldFilter {

        @Override
        public boolean accepts(String value) {
            T read = order.read(value);
            return (from == null || order.compare(from, read) <= 0) && (to == null || order.compare(read, to) <= 0);
        }

        @Override
        public boolean hasDots() {
            return true;
        }
    }

    /**
     * @param row schema of the rows
     * @param value of the query parameter
     * @throws ProblemException 400 if it is a range that the field can't have
     */
    static FieldFilter of(Filter declared, Schema row, String value) {
        int dots = value.indexOf(TO);
        if (dots < 0) {
            return new Equal(declared, value);
        }
        if (value.startsWith("\"") && value.endsWith("\"")) {
            return new Equal(declared, value.substring(1, value.length() - 1));
        }
        ScalarOrder<?> order = ScalarOrder.of(row, declared.field());
        if (order == null) {
            throw invalid(declared, "one value, since %s has no order".formatted(declared.field()), value);
        }
        return range(declared, order, value, dots);
    }

    private static <T> Range<T> range(Filter declared, ScalarOrder<T> order, String value, int dots) {
        String rest = value.substring(dots + TO.length());
        if (rest.contains(TO) || value.equals(TO)) {
            throw invalid(
                    declared,
                    "from..to with at least one of the two; a text that has .. in it stands in double quotes",
                    value);
        }
        T from = end(declared, order, value, value.substring(0, dots));
        T to = end(declared, order, value, rest);
        if (from != null && to != null && order.compare(from, to) > 0) {
            throw invalid(declared, "from..to with from not above to", value);
        }
        return new Range<>(declared, order, from, to);
    }

    private static <T> @Nullable T end(Filter declared, ScalarOrder<T> order, String value, String end) {
        try {
            return end.isEmpty() ? null : order.read(end);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw invalid(declared, "from..to of " + order.values(), value);
        }
    }

    private static ProblemException invalid(Filter declared, String expected, String value) {
        return Requests.invalid(declared.parameter(), expected, "'" + value + "'");
    }
}
