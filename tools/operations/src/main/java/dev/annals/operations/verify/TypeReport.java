package dev.annals.operations.verify;

import java.util.List;

/**
 * What came of reading all events of a type.
 *
 * @param erased how many events were erased, as far as their tombstones tell; also those that have expired until the
 *     log is compacted
 * @param expired how many versions are missing before a summary
 * @param hash of all events
 * @param findingCount of all findings
 * @param findings the first of them
 */
public record TypeReport(
        String type,
        long events,
        long erased,
        long expired,
        long aggregates,
        String hash,
        long findingCount,
        List<Finding> findings) {

    public TypeReport {
        findings = List.copyOf(findings);
    }

    public boolean isRight() {
        return findingCount == 0;
    }
}
