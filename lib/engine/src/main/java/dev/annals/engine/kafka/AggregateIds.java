package dev.annals.engine.kafka;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/** What an aggregate id may look like, and in which partition it lives. */
public final class AggregateIds {

    public static final int MAX_LENGTH = 200;

    /** For error messages. */
    public static final String RULE = "1 to 200 characters of A-Z a-z 0-9 . _ : ~ -";

    private AggregateIds() {}

    public static boolean isValid(String id) {
        return !id.isEmpty() && id.length() <= MAX_LENGTH && id.chars().allMatch(AggregateIds::isAllowed);
    }

    private static boolean isAllowed(int character) {
        return (character >= 'A' && character <= 'Z')
                || (character >= 'a' && character <= 'z')
                || (character >= '0' && character <= '9')
                || "._:~-".indexOf(character) >= 0;
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
