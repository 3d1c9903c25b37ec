package dev.annals.lanes;

import dev.annals.engine.deciding.CommandResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one instance knows of a command id. Ids are scoped to the aggregate, so there can be several results.
 *
 * @param results that are committed
 * @param searched the partitions, by type, that were looked into: all of whoever has them
 */
public record KeptResults(List<Kept> results, Map<String, Set<Integer>> searched) {

    public KeptResults {
        results = List.copyOf(results);
        searched = Map.copyOf(searched);
    }

    /** @param decided when, by the brokers' clock */
    public record Kept(CommandResult result, Instant decided) {}
}
