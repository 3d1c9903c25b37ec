package dev.annals.checker.workload;

import dev.annals.checker.history.AggregateRef;
import java.util.SplittableRandom;

/**
 * Commands of every kind. After {@link #ORDERS_LIVE} steps new orders take the place of the old ones, since an order
 * soon comes to an end; accounts live longer.
 */
final class EveryCommand implements Plan.Commands {

    private static final int ACCOUNTS = 4;
    private static final int ORDERS = 4;
    private static final long ACCOUNTS_LIVE = 2_000;
    private static final long ORDERS_LIVE = 160;

    @Override
    public AggregateRef aggregate(long number, SplittableRandom random) {
        return random.nextBoolean()
                ? new AggregateRef("orders", "order-%d-%d".formatted(number / ORDERS_LIVE, random.nextInt(ORDERS)))
                : new AggregateRef(
                        "accounts", "account-%d-%d".formatted(number / ACCOUNTS_LIVE, random.nextInt(ACCOUNTS)));
    }

    @Override
    public Object command(AggregateRef aggregate, SplittableRandom random) {
        return aggregate.type().equals("orders") ? OrderCommands.any(random) : AccountCommands.any(random);
    }
}
