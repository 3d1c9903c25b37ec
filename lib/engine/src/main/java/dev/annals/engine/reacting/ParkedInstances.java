package dev.annals.engine.reacting;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many instances are parked, by process and partition: for metrics. Thread-safe. */
public final class ParkedInstances {

    private record ProcessPartition(String process, int partition) {}

    private final Map<ProcessPartition, Integer> counts = new ConcurrentHashMap<>();

    void put(String process, int partition, int count) {
        counts.put(new ProcessPartition(process, partition), count);
    }

    void remove(String process, int partition) {
        counts.remove(new ProcessPartition(process, partition));
    }

    /** Of a process, in the partitions that are here. */
    public int count(String process) {
        return counts.entrySet().stream()
                .filter(each -> each.getKey().process().equals(process))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }
}
