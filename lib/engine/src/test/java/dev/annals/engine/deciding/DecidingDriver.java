package dev.annals.engine.deciding;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.deciding.RecordDecider.Asked;
import dev.annals.engine.deciding.RecordDecider.Decided;
import dev.annals.engine.deciding.RecordDecider.Output;
import dev.annals.engine.deciding.RecordDecider.Target;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.Topics;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Hosts a {@link RecordDecider} without a broker: what is sent stands in partition 0 of the type's commands, is decided
 * and committed at once, and what is published can be taken. Times are believed as they are; which ones not to believe
 * is for a real host to say.
 */
final class DecidingDriver<C, S extends java.lang.Record, E> implements AutoCloseable {

    final MapMemory<S> memory;
    final RecordDecider<C, S, E> decider;
    private final String topic;
    private final Map<Target, List<Record<byte[], byte[]>>> published = new EnumMap<>(Target.class);
    private long offset;
    private long newest;

    DecidingDriver(
            AggregateBinding<C, S, E> binding,
            Topics topics,
            AvroSerdes serdes,
            DecidingConfig config,
            LongSupplier clock) {
        String type = binding.type().name();
        memory = new MapMemory<>(binding.type());
        decider = new RecordDecider<>(binding, topics, serdes, config, memory, memory, new BugLog(type), clock);
        topic = topics.commands(type);
    }

    void send(byte @Nullable [] key, byte @Nullable [] value, Headers headers, long time) {
        RecordPlace place = new RecordPlace(topic, 0, offset++);
        Decided unused = decide(new Asked(new Record<>(key, value, time, headers), place, place.toString(), false));
    }

    Decided decide(Asked command) {
        newest = Math.max(newest, command.record().timestamp());
        Decided decided = decider.decide(command, newest);
        decided.commit().run();
        for (Output each : decided.outputs()) {
            published
                    .computeIfAbsent(each.target(), target -> new ArrayList<>())
                    .add(each.record());
        }
        return decided;
    }

    /** What was published there and not taken yet, in order. */
    List<Record<byte[], byte[]>> take(Target target) {
        List<Record<byte[], byte[]>> taken = published.remove(target);
        return taken == null ? List.of() : taken;
    }

    /** As {@link #take}, where it is one record. */
    Record<byte[], byte[]> takeOne(Target target) {
        List<Record<byte[], byte[]>> taken = take(target);
        assertThat(taken).as(target.name()).hasSize(1);
        return taken.getFirst();
    }

    /** Takes everything. */
    void clear() {
        published.clear();
    }

    @Override
    public void close() {
        decider.close();
    }
}
