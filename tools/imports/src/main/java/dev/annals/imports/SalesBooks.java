package dev.annals.imports;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.imports.OnlineRetail.Sale;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;

/**
 * What the results say that the views must show. Used by one thread at a time; its size does not grow with the input.
 */
final class SalesBooks implements BiConsumer<Sale, CommandResult> {

    /** Orders that are looked up one by one. */
    static final int MAX_SAMPLES = 200;

    /** Now or by an earlier import. */
    Sums accepted = Sums.ZERO;

    Sums newlyAccepted = Sums.ZERO;

    /** Of the accepted, those with a customer. */
    long withCustomer;

    long newlyWithCustomer;
    final List<Sample> samples = new ArrayList<>();
    private final Random random = new Random(0);

    /**
     * An accepted order to look up.
     *
     * @param version that its row must have at least
     */
    record Sample(Sale sale, long version) {}

    @Override
    public void accept(Sale sale, CommandResult result) {
        if (result.outcome() == CommandResult.Outcome.ACCEPTED) {
            sample(new Sample(sale, result.version()));
            accepted = accepted.plus(sale);
            int customer = sale.customerId() == null ? 0 : 1;
            withCustomer += customer;
            if (!result.replayed()) {
                newlyAccepted = newlyAccepted.plus(sale);
                newlyWithCustomer += customer;
            }
        }
    }

    /** Reservoir sampling: every order has the same chance. */
    private void sample(Sample sample) {
        if (samples.size() < MAX_SAMPLES) {
            samples.add(sample);
            return;
        }
        long place = random.nextLong(accepted.orders() + 1);
        if (place < MAX_SAMPLES) {
            samples.set((int) place, sample);
        }
    }
}
