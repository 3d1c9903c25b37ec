package dev.annals.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rows for people, in columns as wide as what stands in them. */
final class Columns {

    private static final String BETWEEN = "  ";

    private Columns() {}

    /** @param rows each with as many texts as there are headings */
    static List<String> of(List<String> headings, List<List<String>> rows) {
        List<List<String>> all =
                Stream.concat(Stream.of(headings), rows.stream()).toList();
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < headings.size(); column++) {
            int at = column;
            widths.add(all.stream().mapToInt(row -> row.get(at).length()).max().orElse(0));
        }
        return all.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < row.size(); column++) {
            String text = row.get(column);
            line.append(text)
                    .append(" ".repeat(widths.get(column) - text.length()))
                    .append(BETWEEN);
        }
        return line.toString().stripTrailing();
    }
}
