package dev.annals.serde;

import java.util.Map;
import org.apache.avro.SystemLimitException;

/**
 * Avro's limits of a process ({@code org.apache.avro.limits.*}): what a few bytes may say that there is. Avro itself
 * holds lengths against the bytes that are there; but items of an array that take no bytes, as empty records do, it
 * lets fill the heap.
 */
public final class AvroLimits {

    /** What brokers take in one request, by default: no text, bytes or collection of a record is larger. */
    private static final int MAX_LENGTH = 100 << 20;

    /** Items without bytes, in one value. */
    private static final int MAX_EMPTY_ITEMS = 10_000;

    /** What Avro counts for each. */
    private static final int BYTES_OF_EMPTY_ITEM = 8;

    private static final Map<String, Integer> LIMITS = Map.of(
            SystemLimitException.MAX_BYTES_LENGTH_PROPERTY,
            MAX_LENGTH,
            SystemLimitException.MAX_STRING_LENGTH_PROPERTY,
            MAX_LENGTH,
            SystemLimitException.MAX_COLLECTION_LENGTH_PROPERTY,
            MAX_LENGTH,
            SystemLimitException.MAX_COLLECTION_ALLOCATION_PROPERTY,
            MAX_EMPTY_ITEMS * BYTES_OF_EMPTY_ITEM);

    private AvroLimits() {}

    /** Sets those that nobody has set; before anything is read, since Avro looks at them once. */
    public static void set() {
        LIMITS.forEach((property, limit) -> {
            if (System.getProperty(property) == null) {
                System.setProperty(property, limit.toString());
            }
        });
    }
}
