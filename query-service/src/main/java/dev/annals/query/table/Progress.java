package dev.annals.query.table;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * How far each partition of a table on this instance has come, and which may be read.
 *
 * <p>Kafka Streams calls a task running when its store is restored to the last commit; on a first start that is an
 * empty store. A partition may be read here only when it has reached the end that its topic had when the partition
 * came: before, an absent row says nothing. Thread-safe; each partition is written by one stream thread and the
 * {@link CatchUp}.
 *
 * <p>The same holds for standbys, which have a progress of their own.
 */
final class Progress {

    private static final long UNKNOWN = -1;

    private final ConcurrentMap<Integer, Partition> partitions = new ConcurrentHashMap<>();
    private final boolean onlyAssigned;

    private Progress(boolean onlyAssigned) {
        this.onlyAssigned = onlyAssigned;
    }

    static Progress ofActives() {
        return new Progress(false);
    }

    /** Of standbys alone: the consumer that feeds them also restores what is about to be active. */
    static Progress ofStandbys() {
        return new Progress(true);
    }

    /** Offsets; the position counts transaction markers at the end, which no processor sees. */
    private static final class Partition {
        volatile long delivered = UNKNOWN;
        volatile long processed = UNKNOWN;
        volatile long position = UNKNOWN;
        volatile long target = UNKNOWN;
        volatile boolean serving;
        volatile boolean doubted;
        volatile long processedTimestamp;

        long next() {
            long done = processed;
            return done < delivered ? done + 1 : Math.max(position, done + 1);
        }

        synchronized void check() {
            if (target != UNKNOWN && next() >= target) {
                serving = true;
            }
        }

        /** One that has just come, and whose end was not asked for yet, has still to take what was committed. */
        synchronized void doubt() {
            doubted |= target != UNKNOWN;
            target = UNKNOWN;
            serving = false;
        }
    }

    /** What is known of the ends is old: none is served until it has reached the end of its topic anew. */
    void doubt() {
        partitions.values().forEach(Partition::doubt);
    }

    private Partition partition(int number) {
        return onlyAssigned
                ? partitions.getOrDefault(number, new Partition())
                : partitions.computeIfAbsent(number, any -> new Partition());
    }

    void assigned(int number) {
        partitions.put(number, new Partition());
    }

    void revoked(int number) {
        partitions.remove(number);
    }

    /** The consumer has handed records over. */
    void delivered(int number, long offset) {
        partition(number).delivered = offset;
    }

    /** The consumer's next offset. */
    void position(int number, long offset) {
        Partition partition = partition(number);
        partition.position = offset;
        partition.check();
    }

    /** A record is in the store. */
    void processed(int number, long offset, long timestamp) {
        Partition partition = partition(number);
        partition.processedTimestamp = timestamp;
        partition.processed = offset;
    }

    /** Those whose end is not known yet. */
    List<Integer> withoutTarget() {
        return partitions.entrySet().stream()
                .filter(entry -> entry.getValue().target == UNKNOWN)
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * The end of the topic at a moment after the partition came.
     *
     * @param start everything before this offset was in the store when the partition came
     */
    void target(int number, long start, long end) {
        Partition partition = partitions.get(number);
        if (partition != null) {
            if (!partition.doubted) { // else what was committed since may be somebody else's
                partition.position = Math.max(partition.position, start);
            }
            partition.target = end;
            partition.check();
        }
    }

    /** Looks again at those that are not served yet. */
    void check() {
        partitions.values().stream().filter(partition -> !partition.serving).forEach(Partition::check);
    }

    boolean isServing(int number) {
        Partition partition = partitions.get(number);
        return partition != null && partition.serving;
    }

    /** The partitions on this instance, served or not. */
    List<Integer> here() {
        return List.copyOf(partitions.keySet());
    }

    /** The next offset to be applied. */
    long next(int number) {
        Partition partition = partitions.get(number);
        return partition == null ? 0 : partition.next();
    }

    /** Of the record applied last, in milliseconds; 0 before the first. */
    long timestamp(int number) {
        Partition partition = partitions.get(number);
        return partition == null ? 0 : partition.processedTimestamp;
    }
}
