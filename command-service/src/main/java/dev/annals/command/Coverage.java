package dev.annals.command;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/**
 * Where a command was looked for.
 *
 * @param partitions as {@code type/partition}, for instance {@code accounts/3}
 */
record Coverage(Set<String> partitions) {

    static final Coverage NONE = new Coverage(Set.of());

    Coverage {
        partitions = Set.copyOf(partitions);
    }

    static String partition(String type, int partition) {
        return type + "/" + partition;
    }

    Coverage plus(Coverage other) {
        Set<String> both = new TreeSet<>(partitions);
        both.addAll(other.partitions);
        return new Coverage(both);
    }

    /** Which of all partitions were left out. */
    Set<String> missing(Collection<String> all) {
        Set<String> missing = new TreeSet<>(all);
        missing.removeAll(partitions);
        return missing;
    }
}
