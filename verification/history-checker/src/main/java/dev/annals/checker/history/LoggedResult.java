package dev.annals.checker.history;

import dev.annals.engine.deciding.CommandResult;
import org.jspecify.annotations.Nullable;

/**
 * A record of a results topic.
 *
 * @param trace of the call whose command record it answers; null where the record had none
 */
public record LoggedResult(CommandResult result, @Nullable String trace, int partition, long offset) {

    public AggregateRef aggregate() {
        return new AggregateRef(result.aggregateType(), result.aggregateId());
    }

    /** Where it stands, for messages. */
    public String place() {
        return "%s.results-%d@%d".formatted(result.aggregateType(), partition, offset);
    }
}
