package dev.annals.query.live;

import dev.annals.query.routing.Parameters;
import dev.annals.service.http.Requests;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where in a topic a live answer begins.
 *
 * @param position that the client has seen; null for none
 * @param parameter where the client names it
 * @param first without a position: at the first record that is there, and not after the last
 */
record LiveStart(String topic, int partitions, @Nullable TopicPosition position, String parameter, boolean first) {

    /** Value of {@link Parameters#FROM}: everything that the topic has. */
    static final String FIRST = "first";

    /** A browser that comes back sends the header, and {@code from} as at first: the header counts. */
    static LiveStart of(Context ctx, String topic, int partitions) {
        String last = ctx.header(Parameters.LAST_EVENT_ID);
        if (last != null) {
            return at(Parameters.LAST_EVENT_ID, last, topic, partitions);
        }
        String from = ctx.queryParam(Parameters.FROM);
        return from == null || from.equals(FIRST)
                ? new LiveStart(topic, partitions, null, Parameters.FROM, from != null)
                : at(Parameters.FROM, from, topic, partitions);
    }

    /** The position that a client names, if it does; not yet looked at. */
    static @Nullable String named(Context ctx) {
        String last = ctx.header(Parameters.LAST_EVENT_ID);
        return last == null ? ctx.queryParam(Parameters.FROM) : last;
    }

    static LiveStart at(String parameter, String text, String topic, int partitions) {
        TopicPosition position = TopicPosition.parse(parameter, topic, partitions, text);
        return new LiveStart(topic, partitions, position, parameter, false);
    }

    /**
     * Has the consumer read all partitions from here on. Never before the first record that is left, which the broker
     * refuses.
     *
     * @return where it begins
     * @throws dev.annals.service.http.ProblemException 400 if the topic ends before the position
     */
    TopicPosition seek(Consumer<?, ?> consumer) {
        List<TopicPartition> all = IntStream.range(0, partitions)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
        consumer.assign(all);
        Map<TopicPartition, Long> ends = consumer.endOffsets(all);
        Map<TopicPartition, Long> firsts = consumer.beginningOffsets(all);
        TopicPosition start = TopicPosition.start(topic, partitions);
        for (TopicPartition each : all) {
            long end = Objects.requireNonNull(ends.get(each));
            long begin = Objects.requireNonNull(firsts.get(each));
            long offset = Math.max(begin, wanted(each.partition(), begin, end));
            start.set(each.partition(), offset);
            consumer.seek(each, offset);
        }
        return start;
    }

    private long wanted(int partition, long begin, long end) {
        if (position == null) {
            return first ? begin : end;
        }
        long wanted = position.next(partition);
        if (wanted > end) {
            throw Requests.invalid(
                    parameter,
                    "a position in %s, which was made anew since then: begin without one".formatted(topic),
                    "%d in partition %d, which ends at %d".formatted(wanted, partition, end));
        }
        return wanted;
    }
}
