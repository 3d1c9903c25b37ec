package dev.annals.engine.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The input partitions of a stream thread whose records its processors do not want yet. Streams has no way to say so: a
 * processor that waits holds up its whole thread, which then leaves its group.
 *
 * <p>While a partition is held, its place in the input is committed again with every transaction. A transaction without
 * any offsets is not fenced by the group: an instance that was paused and has lost its partitions could still commit
 * one.
 *
 * <p>Works where the thread has the clients of {@link HoldingClients}. One thread, that of consumer and processors.
 */
public final class HeldPartitions {

    /** For one question about offsets; what is not answered by then fails the thread, which is replaced. */
    private static final Duration OFFSETS_LIMIT = Duration.ofSeconds(10);

    private static final ThreadLocal<HeldPartitions> OF_THREAD = ThreadLocal.withInitial(HeldPartitions::new);

    /** With what was committed of each, once that has been asked for. */
    private final Map<TopicPartition, @Nullable OffsetAndMetadata> held = new LinkedHashMap<>();

    /** No longer wanted to be held, but what was written until then is not committed. */
    private final Set<TopicPartition> releasing = new HashSet<>();

    private final Set<TopicPartition> released = new HashSet<>();
    private @Nullable Consumer<?, ?> consumer;

    HeldPartitions() {}

    public static HeldPartitions ofThread() {
        return OF_THREAD.get();
    }

    /**
     * Holds a partition from the next poll on.
     *
     * @return false if it can't be, since the thread has another consumer than ours
     */
    public boolean hold(TopicPartition partition) {
        if (consumer == null) {
            return false;
        }
        held.put(partition, null);
        releasing.remove(partition);
        released.remove(partition);
        return true;
    }

    /** Lets the records come as soon as everything that the thread has written until now is committed. */
    public void release(TopicPartition partition) {
        if (held.containsKey(partition)) {
            releasing.add(partition);
        }
    }

    /** Lets the records come at the next poll: nothing was written that has to be committed before. */
    public void letGo(TopicPartition partition) {
        if (held.containsKey(partition)) {
            held.remove(partition);
            releasing.remove(partition);
            released.add(partition);
        }
    }

    /** Forgets a partition that this thread no longer has. */
    public void drop(TopicPartition partition) {
        held.remove(partition);
        releasing.remove(partition);
        released.remove(partition);
    }

    /** Streams resumes partitions as it sees fit, but only between polls. */
    void beforePoll(Consumer<?, ?> polled) {
        consumer = polled;
        if (held.isEmpty() && released.isEmpty()) {
            return;
        }
        polled.pause(assigned(polled, held.keySet()));
        polled.resume(assigned(polled, released));
        released.clear();
    }

    private static Collection<TopicPartition> assigned(Consumer<?, ?> polled, Set<TopicPartition> wanted) {
        Set<TopicPartition> assigned = new HashSet<>(wanted);
        assigned.retainAll(polled.assignment());
        return assigned;
    }

    /** Offsets that a transaction is to commit, with those of the held partitions. */
    Map<TopicPartition, OffsetAndMetadata> with(Map<TopicPartition, OffsetAndMetadata> offsets) {
        if (held.isEmpty()) {
            return offsets;
        }
        Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>(offsets);
        for (TopicPartition partition : held.keySet()) {
            all.computeIfAbsent(partition, this::place);
        }
        return all;
    }

    private OffsetAndMetadata place(TopicPartition partition) {
        OffsetAndMetadata known = held.get(partition);
        if (known == null) {
            known = ask(partition);
            held.put(partition, known);
        }
        return known;
    }

    /**
     * What Streams keeps beside an offset stays as it is. Where nothing is committed nothing was processed; the
     * consumer's own position would be no answer: until its first poll it has none, and Streams' consumers have no
     * policy to find one.
     */
    private OffsetAndMetadata ask(TopicPartition partition) {
        Consumer<?, ?> asked = Objects.requireNonNull(consumer, "nothing is held without a consumer");
        Set<TopicPartition> one = Set.of(partition);
        OffsetAndMetadata committed = asked.committed(one, OFFSETS_LIMIT).get(partition);
        if (committed != null) {
            return committed;
        }
        return new OffsetAndMetadata(Objects.requireNonNull(
                asked.beginningOffsets(one, OFFSETS_LIMIT).get(partition), "answered for all that was asked"));
    }

    /** All that the thread has written is committed. */
    void committed() {
        held.keySet().removeAll(releasing);
        released.addAll(releasing);
        releasing.clear();
    }
}
