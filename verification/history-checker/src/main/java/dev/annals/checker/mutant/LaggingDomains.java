package dev.annals.checker.mutant;

import dev.annals.accounts.AccountsDomain;
import dev.annals.api.AggregateType;
import dev.annals.api.Domain;
import dev.annals.api.Upcaster;
import dev.annals.api.View;
import dev.annals.orders.OrdersDomain;
import dev.annals.seats.SeatsDomain;
import java.util.List;

/** The domains, with deciders that lag. */
final class LaggingDomains {

    private LaggingDomains() {}

    /** A domain with a decider that lags. */
    abstract static class Lagging implements Domain {

        private final Domain right;

        Lagging(Domain right) {
            this.right = right;
        }

        @Override
        public AggregateType<?, ?, ?> aggregate() {
            return lagging(right.aggregate());
        }

        private static <C, S extends Record, E> AggregateType<C, S, E> lagging(AggregateType<C, S, E> type) {
            return AggregateType.named(type.name(), new LaggingDecider<>(type.decider()))
                    .commands(type.commands())
                    .events(type.events())
                    .state(type.state())
                    .createdBy(type.createdBy())
                    .replacedBy(type.replacedBy())
                    .deletedBy(type.deletedBy())
                    .upcasters(type.upcasters().toArray(Upcaster<?, ?>[]::new))
                    .build();
        }

        @Override
        public List<View<?, ?>> views() {
            return right.views();
        }
    }

    /** Orders. */
    public static final class Orders extends Lagging {
        public Orders() {
            super(new OrdersDomain());
        }
    }

    /** Seats. */
    public static final class Seats extends Lagging {
        public Seats() {
            super(new SeatsDomain());
        }
    }

    /** Accounts. */
    public static final class Accounts extends Lagging {
        public Accounts() {
            super(new AccountsDomain());
        }
    }
}
