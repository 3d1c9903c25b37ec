package dev.annals.operations.verify;

import java.util.List;
import java.util.Locale;

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

    /**
     * Something about the streams of a type that must not be.
     *
     * @param key of the event, or the aggregate's id
     * @param text for people
     */
    public record Finding(Kind kind, String key, String text) {

        public enum Kind {
            /** Versions are not there, and no tombstone says that they were erased. */
            GAP,
            /** A version was written twice, with another content. */
            DOUBLED_VERSION,
            /** A command took effect twice. */
            DOUBLED_COMMAND,
            /** Others' events stand between those of a command. */
            SCATTERED_COMMAND,
            UNREADABLE,
            /** The instance of a process can't be folded: it answers a command that was never sent, for instance. */
            UNFOLDABLE;

            /** As it is shown, such as {@code doubled-version}. */
            @Override
            public String toString() {
                return name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
        }
    }

    public TypeReport {
        findings = List.copyOf(findings);
    }

    public boolean isRight() {
        return findingCount == 0;
    }
}
