package dev.annals.checker.workload;

import dev.annals.checker.history.AggregateRef;
import java.util.SplittableRandom;

/**
 * Commands of every kind. After {@link #ORDERS_LIVE} steps new orders take the place of the old ones, since an order
 * soon comes to an end; conferences and accounts live longer.
 */
final class EveryCommand implements Plan.Commands {

    private static final int ACCOUNTS = 4;
    private static final int ORDERS = 4;
    private static final int CONFERENCES = 3;
    private static final long ACCOUNTS_LIVE = 2_000;
    private static final long ORDERS_LIVE = 160;
    private static final long CONFERENCES_LIVE = 800;

    @Override
    public AggregateRef aggregate(long number, SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> hot("orders", "order", number / ORDERS_LIVE, random.nextInt(ORDERS));
            case 1 -> hot("seats", "conference", number / CONFERENCES_LIVE, random.nextInt(CONFERENCES));
            default -> hot("accounts", "account", number / ACCOUNTS_LIVE, random.nextInt(ACCOUNTS));
        };
    }

    private static AggregateRef hot(String type, String name, long generation, int which) {
        return new AggregateRef(type, "%s-%d-%d".formatted(name, generation, which));
    }

    @Override
    public Object command(AggregateRef aggregate, SplittableRandom random) {
        return switch (aggregate.type()) {
            case "orders" -> OrderCommands.any(random);
            case "seats" -> SeatsCommands.any(random);
            default -> AccountCommands.any(random);
        };
    }
}
