package dev.annals.engine.avro;

import dev.annals.serde.SchemaResolution;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads records of other writers' schemas as the reader's: by Avro's rules, and with logical types converted
 * ({@link SchemaResolution}). Records that already have the reader's schema pass as they are. Thread-safe.
 */
final class SchemaResolver {

    /** A bound on the memory for writers' schemas; when it is reached, they are looked at anew. */
    private static final int MAX_KNOWN = 64;

    private final Schema reader;
    private final IdentityHashMap<Schema, Writer> known = new IdentityHashMap<>();

    /** The one that wrote last: without it, threads that read at a time wait for each other at every record. */
    private volatile @Nullable Writer last;

    /** @param resolution null where the schema equals the reader's */
    private record Writer(Schema schema, @Nullable SchemaResolution resolution, String meaning) {}

    SchemaResolver(Schema reader) {
        this.reader = reader;
    }

    /** @throws BindingException if there is no exact value; names the field */
    @SuppressWarnings("ReferenceEquality") // the fast path of nearly every record
    IndexedRecord resolve(IndexedRecord record) {
        if (record.getSchema() == reader) {
            return record;
        }
        SchemaResolution resolution = writer(record.getSchema()).resolution();
        if (resolution == null) {
            return record;
        }
        try {
            return (IndexedRecord) Objects.requireNonNull(resolution.resolve(record));
        } catch (AvroRuntimeException e) {
            throw new BindingException(
                    "a record of schema %s can't be read as the current %s: %s"
                            .formatted(record.getSchema().getFullName(), reader.getFullName(), e.getMessage()),
                    e);
        }
    }

    /**
     * What equal bytes of equal meaning have in common: the writer's name, and its logical types where they aren't the
     * reader's.
     */
    String meaning(Schema writer) {
        return writer(writer).meaning();
    }

    @SuppressWarnings("ReferenceEquality") // a deserializer gives all records of a schema id one object
    private Writer writer(Schema schema) {
        Writer current = last;
        if (current != null && current.schema() == schema) {
            return current;
        }
        synchronized (known) {
            if (known.size() >= MAX_KNOWN && !known.containsKey(schema)) {
                known.clear();
            }
            current = known.computeIfAbsent(schema, this::look);
        }
        last = current;
        return current;
    }

    private Writer look(Schema schema) {
        String name = schema.getFullName();
        if (schema.equals(reader)) {
            return new Writer(schema, null, name);
        }
        SchemaResolution resolution = SchemaResolution.of(schema, reader);
        return new Writer(
                schema,
                resolution,
                resolution.convertsMeaning() ? name + "#" + SchemaShapes.of(List.of(schema)) : name);
    }
}
