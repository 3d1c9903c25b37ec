package dev.annals.operations.backup;

import dev.annals.operations.verify.TypeReport.Finding;
import java.util.List;

/**
 * What a backup holds of each type, and what this run has written of it.
 *
 * @param id of the backup
 */
public record BackupReport(String id, List<OfType> types) {

    /**
     * Of one aggregate type.
     *
     * @param written records that were written by this run
     * @param records that the backup has
     * @param events how many events the topic has that are not erased
     * @param hash of all events, as a verification of the type has it
     * @param findings the first of what must not be; none is good
     */
    public record OfType(String type, long written, long records, long events, String hash, List<Finding> findings) {
        public OfType {
            findings = List.copyOf(findings);
        }
    }

    public BackupReport {
        types = List.copyOf(types);
    }
}
