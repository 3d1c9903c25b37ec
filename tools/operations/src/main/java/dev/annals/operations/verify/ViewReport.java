package dev.annals.operations.verify;

import java.util.List;

/**
 * What came of comparing the rows of a view, which the query service serves.
 *
 * @param generation that was live at the end
 * @param events how many were folded
 * @param remarks what a reader must know to judge the result, for people
 */
public record ViewReport(String view, int generation, long events, Comparison rows, List<String> remarks) {

    public ViewReport {
        remarks = List.copyOf(remarks);
    }

    public boolean isEqual() {
        return rows.isEqual();
    }
}
