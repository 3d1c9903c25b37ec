package dev.annals.query.api;

import java.util.Arrays;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** Keys as bytes, in the order of the stores: unsigned, byte by byte. */
final class Keys {

    static final Comparator<byte[]> ORDER = Arrays::compareUnsigned;

    private Keys() {}

    /** The smallest key after this one. */
    static byte[] after(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /** The later of two; null stands before all. */
    static byte @Nullable [] later(byte @Nullable [] a, byte @Nullable [] b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return ORDER.compare(a, b) < 0 ? b : a;
    }
}
