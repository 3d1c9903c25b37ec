package dev.annals.serde;

import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/**
 * Binds ordinary Java classes to Avro records, so that they can be written and read like Avro's own. Given to a serde's
 * constructor, or named by class in {@link SerdeConfig#RECORD_MAPPER}; then it needs a public constructor without
 * parameters.
 *
 * <p>An instance may be called by many threads.
 */
public interface RecordMapper {

    /** Called once after construction by class name, with the serde's settings. */
    default void configure(Map<String, ?> configs) {}

    /**
     * The Avro form of the value. Records of one class should have one {@link Schema} object: that is what makes
     * finding the schema's id cheap.
     *
     * @throws IllegalArgumentException if the class isn't bound
     */
    IndexedRecord toAvro(Object value);

    /**
     * The schema in which {@link #fromAvro} expects a record that was written with {@code writer}.
     *
     * @return null if no class is bound to such records; they stay generic records in the writer's schema
     */
    @Nullable
    Schema readerSchema(Schema writer);

    /**
     * The value of a record.
     *
     * @param record in a schema that {@link #readerSchema} gave
     */
    Object fromAvro(IndexedRecord record);
}
