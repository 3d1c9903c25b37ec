package dev.annals.checker.workload;

import dev.annals.accounts.AccountCommand.CloseAccount;
import dev.annals.api.AggregateType;
import dev.annals.checker.history.AggregateRef;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.orders.OrderCommand.DeliverOrder;
import dev.annals.seats.ConferenceCommand.CloseConference;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Aggregates that are not there, one for each partition of each type. A command to one is rejected, and changes
 * nothing; its answer says that all that came before it in the partition is decided and committed.
 */
public final class Barriers {

    private Barriers() {}

    public static List<AggregateRef> of(List<AggregateType<?, ?, ?>> types, int partitions) {
        List<AggregateRef> barriers = new ArrayList<>();
        Set<Integer> covered = new HashSet<>();
        for (int i = 0; covered.size() < partitions; i++) {
            String id = "barrier-" + i;
            if (covered.add(AggregateIds.partition(id, partitions))) {
                types.forEach(type -> barriers.add(new AggregateRef(type.name(), id)));
            }
        }
        return barriers;
    }

    /** What is rejected of an aggregate of this type that is not there. */
    public static Object command(AggregateRef aggregate) {
        return switch (aggregate.type()) {
            case "orders" -> new DeliverOrder();
            case "seats" -> new CloseConference();
            default -> new CloseAccount();
        };
    }
}
