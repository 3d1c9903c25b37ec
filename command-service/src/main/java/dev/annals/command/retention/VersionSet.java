package dev.annals.command.retention;

import java.util.Map;
import java.util.TreeMap;

/**
 * A sparse bit set of versions: what it takes grows with how many were added, not with how large they are, since
 * whoever may write events may write one of any version. For one thread.
 */
final class VersionSet {

    /** 64 versions each, under the first of them. */
    private final TreeMap<Long, Long> words = new TreeMap<>();

    void add(long version) {
        words.merge(word(version), bit(version), (one, other) -> one | other);
    }

    void remove(long version) {
        words.computeIfPresent(word(version), (first, bits) -> {
            long left = bits & ~bit(version);
            return left == 0 ? null : left;
        });
    }

    /** The greatest that is below a version; 0 if there is none. */
    long below(long version) {
        long first = word(version);
        long here = words.getOrDefault(first, 0L) & (bit(version) - 1);
        if (here != 0) {
            return greatest(first, here);
        }
        Map.Entry<Long, Long> before = words.lowerEntry(first);
        return before == null ? 0 : greatest(before.getKey(), before.getValue());
    }

    private static long greatest(long first, long bits) {
        return first + Long.SIZE - 1 - Long.numberOfLeadingZeros(bits);
    }

    private static long word(long version) {
        return version & -Long.SIZE;
    }

    private static long bit(long version) {
        return 1L << version;
    }
}
