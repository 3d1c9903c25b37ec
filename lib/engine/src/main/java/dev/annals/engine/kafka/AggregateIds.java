package dev.annals.engine.kafka;

import dev.annals.api.Ids;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** What an aggregate id may look like, and in which partition it lives. */
public final class AggregateIds {

    public static final int MAX_LENGTH = Ids.MAX_LENGTH;

    /** For error messages. */
    public static final String RULE = Ids.RULE;

    private AggregateIds() {}

    public static boolean isValid(String id) {
        return Ids.isValid(id);
    }

    /** The partition of commands and events of an aggregate: murmur2, as the default partitioner of Java's client. */
    public static int partition(String id, int partitions) {
        return partition(id.getBytes(StandardCharsets.UTF_8), partitions);
    }

    /** As {@link #partition(String, int)}, of an id in UTF-8. */
    public static int partition(byte[] id, int partitions) {
        return Utils.toPositive(Utils.murmur2(id)) % partitions;
    }
}
