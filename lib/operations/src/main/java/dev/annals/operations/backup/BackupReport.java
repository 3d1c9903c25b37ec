package dev.annals.operations.backup;

import dev.annals.operations.verify.TypeReport.Finding;
import java.util.List;

/**
 * What a backup holds of each type, and what this run has written of it.
 *
 * @param id of the backup
 * @param processes whose journals it holds
 */
public record BackupReport(String id, List<OfType> types, List<OfProcess> processes) {

    /**
     * Of one process.
     *
     * @param journals its entries; those that are left out are among the records, and not among the events
     * @param from since when events are the process's own where it is restored, RFC 3339
     * @param leftOut instances whose last entries know of what is not in the backup
     * @param answered commands that had no answer, and were answered by their events when they were restored
     * @param sentAgain commands that had no answer and no events, and were sent again
     */
    public record OfProcess(OfType journals, String from, int leftOut, int answered, int sentAgain) {}

    /**
     * Of one aggregate type, or the journals of one process.
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
        processes = List.copyOf(processes);
    }
}
