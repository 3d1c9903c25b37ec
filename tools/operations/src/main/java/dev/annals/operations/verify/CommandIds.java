package dev.annals.operations.verify;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Which command ids may have been seen twice: eight bytes for each, so millions fit, and what looks doubled is to be
 * looked at again.
 */
final class CommandIds {

    private static final int FIRST_CAPACITY = 1_024;

    private long[] hashes = new long[FIRST_CAPACITY];
    private int size;

    /** Ids belong to their aggregate: the same on two aggregates is two commands. */
    static long hash(String aggregateId, String commandId) {
        byte[] digest = ContentHash.sha256().digest(ContentHash.utf8(aggregateId + "/" + commandId));
        return ByteBuffer.wrap(digest).getLong();
    }

    void add(long hash) {
        if (size == hashes.length) {
            hashes = Arrays.copyOf(hashes, size + (size >> 1));
        }
        hashes[size++] = hash;
    }

    /** Hashes that were added more than once. */
    Set<Long> suspects() {
        long[] sorted = Arrays.copyOf(hashes, size);
        Arrays.sort(sorted);
        Set<Long> suspects = new HashSet<>();
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i] == sorted[i - 1]) {
                suspects.add(sorted[i]);
            }
        }
        return suspects;
    }
}
