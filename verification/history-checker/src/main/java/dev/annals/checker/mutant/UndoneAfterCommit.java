package dev.annals.checker.mutant;

import java.lang.reflect.Method;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/**
 * Some transactions are committed, and the lane is told that they failed in a way that has it undo in memory what it
 * did, abort, and decide the same again: so does who takes a commit whose answer is lost for one that failed.
 *
 * <p>It is told where the lane waits for its records, since only then it aborts. Offsets may be on their way at that
 * moment, in another thread: where they were asked for, the transaction is left alone. Where they come after the
 * commit, they fail, since no transaction is open, as they may in one that is aborted, and come again with the next.
 */
final class UndoneAfterCommit extends LaneProducers.Wrong {

    private static final int EVERY = 5;

    private volatile boolean withOffsets;

    // The lane's thread's own.
    private int alone;
    private boolean committed;

    UndoneAfterCommit(Producer<byte[], byte[]> right) {
        super(right);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        switch (method.getName()) {
            case "beginTransaction" -> withOffsets = false;
            case "sendOffsetsToTransaction" -> withOffsets = true;
            case "flush" -> {
                if (!withOffsets && ++alone % EVERY == 0) {
                    right().commitTransaction();
                    committed = true;
                    throw new KafkaException("the answer to a commit is lost");
                }
            }
            case "abortTransaction" -> {
                if (committed) {
                    committed = false;
                    return null;
                }
            }
            default -> {} // as it is right
        }
        return super.invoke(proxy, method, arguments);
    }
}
