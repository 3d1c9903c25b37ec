package dev.annals.checker.fuzz;

import java.util.List;

/**
 * What a run came to.
 *
 * @param lines for people
 * @param findings none if everything held
 */
record FuzzReport(List<String> lines, List<String> findings) {

    FuzzReport {
        lines = List.copyOf(lines);
        findings = List.copyOf(findings);
    }
}
