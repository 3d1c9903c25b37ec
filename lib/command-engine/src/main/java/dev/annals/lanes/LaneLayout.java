package dev.annals.lanes;

import dev.annals.engine.kafka.Topics;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which partitions of an aggregate type are one lane. All instances of an installation must agree on it for ever: the
 * fence around a lane is the transactional id of its partitions.
 *
 * @param type of the aggregates
 * @param partitions of its commands, and of its events
 * @param lanes how many groups they are in, at most as many as partitions
 */
public record LaneLayout(String type, int partitions, int lanes) {

    public LaneLayout {
        if (lanes < 1 || lanes > partitions) {
            throw new IllegalArgumentException(
                    "lanes of %s: expected 1 to %d, one for each partition, got %d".formatted(type, partitions, lanes));
        }
    }

    public int laneOf(int partition) {
        return partition % lanes;
    }

    public List<Integer> partitionsOf(int lane) {
        return IntStream.range(0, partitions)
                .filter(partition -> laneOf(partition) == lane)
                .boxed()
                .toList();
    }

    public String transactionalId(Topics topics, int lane) {
        return topics.laneTransactions(type) + lane;
    }
}
