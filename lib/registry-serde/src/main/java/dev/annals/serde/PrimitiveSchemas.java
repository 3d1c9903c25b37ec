package dev.annals.serde;

import java.nio.ByteBuffer;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/** The schemas of values that need no record, as in Confluent's serializer. */
final class PrimitiveSchemas {

    private static final Schema STRING = Schema.create(Schema.Type.STRING);
    private static final Schema BYTES = Schema.create(Schema.Type.BYTES);

    private static final Map<Class<?>, Schema> SCHEMAS = Map.of(
            String.class, STRING,
            Utf8.class, STRING,
            Boolean.class, Schema.create(Schema.Type.BOOLEAN),
            Integer.class, Schema.create(Schema.Type.INT),
            Long.class, Schema.create(Schema.Type.LONG),
            Float.class, Schema.create(Schema.Type.FLOAT),
            Double.class, Schema.create(Schema.Type.DOUBLE),
            byte[].class, BYTES);

    private PrimitiveSchemas() {}

    static @Nullable Schema of(Class<?> type) {
        return ByteBuffer.class.isAssignableFrom(type) ? BYTES : SCHEMAS.get(type);
    }
}
