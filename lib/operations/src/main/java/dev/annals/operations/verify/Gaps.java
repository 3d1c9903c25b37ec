package dev.annals.operations.verify;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Versions over which streams have gone on. Where the log is compacted, the tombstone of an erased event stands behind
 * later ones: so a gap is one only in the end. For one thread.
 */
final class Gaps {

    /** Of each aggregate, ranges that don't touch: the last version by the first. */
    private final Map<String, TreeMap<Long, Long>> byId = new HashMap<>();

    private final Map<String, TreeMap<Long, Long>> covered = new HashMap<>();

    @FunctionalInterface
    interface Each {
        void of(String id, long first, long last);
    }

    void open(String id, long first, long last) {
        byId.computeIfAbsent(id, any -> new TreeMap<>()).put(first, last);
    }

    /**
     * A tombstone of a version.
     *
     * @return whether it was missing until now
     */
    boolean explain(String id, long version) {
        TreeMap<Long, Long> ranges = byId.getOrDefault(id, new TreeMap<>());
        Map.Entry<Long, Long> range = ranges.floorEntry(version);
        if (range == null || range.getValue() < version) {
            return false;
        }
        ranges.remove(range.getKey());
        if (range.getKey() < version) {
            ranges.put(range.getKey(), version - 1);
        }
        if (version < range.getValue()) {
            ranges.put(version + 1, range.getValue());
        }
        return true;
    }

    /**
     * A summary at this version: what is missing before it is explained, and no longer open.
     *
     * @return how many versions were missing
     */
    long cover(String id, long version) {
        TreeMap<Long, Long> ranges = byId.remove(id);
        if (ranges == null) {
            return 0;
        }
        covered.computeIfAbsent(id, any -> new TreeMap<>()).putAll(ranges);
        return ranges.entrySet().stream()
                .mapToLong(range -> range.getValue() - range.getKey() + 1)
                .sum();
    }

    /** Whether a version was missing before a summary. */
    boolean isCovered(String id, long version) {
        Map.Entry<Long, Long> range = covered.getOrDefault(id, new TreeMap<>()).floorEntry(version);
        return range != null && version <= range.getValue();
    }

    /** In no order of aggregates. */
    void forEach(Each each) {
        byId.forEach((id, ranges) -> ranges.forEach((first, last) -> each.of(id, first, last)));
    }
}
