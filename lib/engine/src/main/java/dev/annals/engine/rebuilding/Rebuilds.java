package dev.annals.engine.rebuilding;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The partitions of one instance whose stores are being made anew, so that none of their input is taken yet.
 * Thread-safe.
 */
public final class Rebuilds {

    private final ConcurrentNavigableMap<TypePartition, Status> now = new ConcurrentSkipListMap<>(
            Comparator.comparing(TypePartition::type).thenComparingInt(TypePartition::partition));

    /** @param type of the aggregates, or the process */
    record TypePartition(String type, int partition) {}

    /** @param failure why it does not go on; null: it does */
    private record Status(
            Rebuild.@Nullable Progress progress, @Nullable String failure) {

        String text() {
            if (failure != null) {
                return "state can't be rebuilt: " + failure;
            }
            if (progress == null) {
                return "state is being looked at";
            }
            return String.format(
                    Locale.ROOT,
                    "state is being rebuilt, %,d of %,d records (%.1f %%)",
                    progress.done(),
                    progress.of(),
                    progress.of() == 0 ? 100.0 : 100.0 * progress.done() / progress.of());
        }

        long left() {
            return progress == null ? 0 : progress.of() - progress.done();
        }
    }

    /** Why the instance is not ready, partition by partition; empty if nothing is being rebuilt. */
    public List<String> reasonsAgainst() {
        return now.entrySet().stream()
                .map(each -> "%s: partition %d: %s"
                        .formatted(
                                each.getKey().type(),
                                each.getKey().partition(),
                                each.getValue().text()))
                .toList();
    }

    /** How many records, in offsets, are still to be taken for a process. */
    public long recordsLeft(String type) {
        return now.entrySet().stream()
                .filter(each -> each.getKey().type().equals(type))
                .mapToLong(each -> each.getValue().left())
                .sum();
    }

    void put(TypePartition partition, Rebuild.@Nullable Progress progress, @Nullable String failure) {
        now.put(partition, new Status(progress, failure));
    }

    void remove(TypePartition partition) {
        now.remove(partition);
    }

    String text(TypePartition partition) {
        Status status = now.get(partition);
        return status == null ? "" : status.text();
    }
}
