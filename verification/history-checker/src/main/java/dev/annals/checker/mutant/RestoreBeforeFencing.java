package dev.annals.checker.mutant;

import java.lang.reflect.Method;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import org.jspecify.annotations.Nullable;

/**
 * Fences the owner before when the first transaction begins, and no earlier: what he writes after the lane has read its
 * logs, the lane never learns.
 */
final class RestoreBeforeFencing extends LaneProducers.Wrong {

    /** So that somebody who was frozen for longer than his session mostly wakes up meanwhile. */
    private static final Duration UNFENCED = Duration.ofSeconds(4);

    private boolean fenced; // the lane's thread's own

    RestoreBeforeFencing(Producer<byte[], byte[]> right) {
        super(right);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        if (method.getName().equals("initTransactions")) {
            return null;
        }
        if (method.getName().equals("beginTransaction") && !fenced) {
            Thread.sleep(UNFENCED);
            right().initTransactions();
            fenced = true;
        }
        return super.invoke(proxy, method, arguments);
    }
}
