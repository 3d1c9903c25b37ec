package dev.annals.command;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * The partitions whose stores were searched for a command.
 *
 * @param partitions as {@code type/partition}, for instance {@code accounts/3}
 */
record SearchedPartitions(Set<String> partitions) {

    static final SearchedPartitions NONE = new SearchedPartitions(Set.of());

    SearchedPartitions {
        partitions = Set.copyOf(partitions);
    }

    static String partition(String type, int partition) {
        return type + "/" + partition;
    }

    SearchedPartitions plus(SearchedPartitions other) {
        Set<String> both = new TreeSet<>(partitions);
        both.addAll(other.partitions);
        return new SearchedPartitions(both);
    }

    Set<String> missing(Collection<String> all) {
        Set<String> missing = new TreeSet<>(all);
        missing.removeAll(partitions);
        return missing;
    }
}
