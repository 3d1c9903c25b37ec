package dev.annals.checker.workload;

import dev.annals.checker.history.AggregateRef;
import dev.annals.checker.history.Answer.Decided;
import dev.annals.checker.history.Call;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Every call, and the highest version that clients have seen of each aggregate. Thread-safe. */
final class Recorder {

    private final ConcurrentLinkedQueue<Call> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Map<AggregateRef, Long> seen = new ConcurrentHashMap<>();

    void add(Call call) {
        calls.add(call);
        count.incrementAndGet();
        if (call.answer() instanceof Decided decided && decided.version() > 0) {
            seen.merge(call.aggregate(), decided.version(), Math::max);
        }
    }

    long seen(AggregateRef aggregate) {
        return seen.getOrDefault(aggregate, 0L);
    }

    int count() {
        return count.get();
    }

    List<Call> calls() {
        return List.copyOf(calls);
    }
}
