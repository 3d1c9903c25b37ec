package dev.annals.serde;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;

/** Raw Avro values of logical types. */
public final class RawValues {

    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private RawValues() {}

    /** Whether a text is a UUID in full; {@link java.util.UUID#fromString} takes shortened ones. */
    public static boolean isUuid(String text) {
        return UUID_TEXT.matcher(text).matches();
    }

    /** Those of a value of type bytes or fixed, which stays as it is. */
    public static byte[] bytes(Object value) {
        if (value instanceof GenericFixed fixed) {
            return fixed.bytes();
        }
        ByteBuffer buffer = ((ByteBuffer) value).duplicate();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** The bytes of a decimal's unscaled value, as bytes or as fixed, in which they must have room. */
    public static Object decimal(Schema schema, byte[] unscaled) {
        if (schema.getType() != Schema.Type.FIXED) {
            return ByteBuffer.wrap(unscaled);
        }
        byte[] bytes = new byte[schema.getFixedSize()];
        if (unscaled[0] < 0) {
            Arrays.fill(bytes, (byte) -1);
        }
        System.arraycopy(unscaled, 0, bytes, bytes.length - unscaled.length, unscaled.length);
        return new GenericData.Fixed(schema, bytes);
    }
}
