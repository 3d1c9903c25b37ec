package dev.annals.core.avro;

import java.io.IOException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of other schemas as the reader's, with Avro's own schema resolution (aliases, defaults, promotions).
 *
 * <p>Records that already have the reader's schema pass as they are. The others are written and read again, which is slow:
 * a deserializer that resolves while it reads saves this. Thread-safe.
 */
final class SchemaResolver {

    /** A bound on the memory for schemas that were seen to equal the reader's. */
    private static final int MAX_KNOWN = 64;

    private final Schema reader;
    private final Set<Schema> equal = Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    /** One of {@link #equal}: without it, threads that read at a time wait for each other at every record. */
    private volatile @Nullable Schema lastEqual;

    SchemaResolver(Schema reader) {
        this.reader = reader;
    }

    @SuppressWarnings("ReferenceEquality") // the fast path of nearly every record
    IndexedRecord resolve(IndexedRecord record) {
        Schema writer = record.getSchema();
        if (writer == reader || writer == lastEqual) {
            return record;
        }
        if (equal.contains(writer)) {
            lastEqual = writer;
            return record;
        }
        if (writer.equals(reader)) {
            if (equal.size() < MAX_KNOWN) {
                equal.add(writer);
            }
            return record;
        }
        try {
            return AvroBytes.decode(AvroBytes.encode(record), writer, reader);
        } catch (IOException | AvroRuntimeException e) {
            throw new BindingException(
                    "a record of schema %s can't be read as the current %s: %s"
                            .formatted(writer.getFullName(), reader.getFullName(), e.getMessage()),
                    e);
        }
    }
}
