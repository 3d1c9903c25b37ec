package dev.annals.engine.projecting;

import dev.annals.api.AggregateType;
import dev.annals.api.View;
import dev.annals.engine.avro.AvroNames;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.DerivedSchema;
import dev.annals.engine.avro.RecordBinding;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;

/**
 * A view's rows as Avro: the components of the row class, and beside them {@value AvroNames#ROW_ID} and
 * {@value AvroNames#ROW_VERSION}. Immutable and thread-safe.
 */
public final class RowBinding<R extends Record> {

    private final RecordBinding<R> rows;
    private final int idPosition;
    private final int versionPosition;

    private RowBinding(RecordBinding<R> rows) {
        this.rows = rows;
        this.idPosition = position(rows.schema(), AvroNames.ROW_ID, Schema.Type.STRING);
        this.versionPosition = position(rows.schema(), AvroNames.ROW_VERSION, Schema.Type.LONG);
    }

    /**
     * Binds the rows of a view to their schema, whose name {@link AvroNames} has.
     *
     * @param own the aggregate type of the domain that lists the view
     * @throws BindingException if the schema does not fit the row class, or lacks a field of ours
     */
    public static <R extends Record> RowBinding<R> of(AggregateType<?, ?, ?> own, View<?, R> view) {
        return new RowBinding<>(RecordBinding.of(AvroNames.ofRow(own, view.row()), view.row()));
    }

    /** As {@link #of}, with the schema that is derived from the row class. */
    static <R extends Record> RowBinding<R> derived(View<?, R> view) {
        return new RowBinding<>(RecordBinding.of(view.row(), DerivedSchema.ofRow(view.row())));
    }

    private static int position(Schema schema, String name, Schema.Type type) {
        Schema.Field field = schema.getField(name);
        if (field == null || field.schema().getType() != type) {
            throw new BindingException("the row schema %s needs a field '%s' of type %s"
                    .formatted(schema.getFullName(), name, type.getName()));
        }
        return field.pos();
    }

    public Schema schema() {
        return rows.schema();
    }

    /**
     * The row with its key and version. Times are cut to what the schema has of them.
     *
     * @throws BindingException if a value does not fit its field
     */
    public GenericRecord toAvro(String key, long version, R row) {
        GenericRecord avro = rows.toAvro(row);
        avro.put(idPosition, key);
        avro.put(versionPosition, version);
        return avro;
    }

    /** @throws BindingException if the record can't be read as the row's schema */
    public R fromAvro(IndexedRecord avro) {
        return rows.fromAvro(avro);
    }

    /** Whether rows have times, which are stored without what they have beyond milliseconds. */
    boolean cutsTimes() {
        return rows.cutsTimes();
    }

    /** The row as it is when it has been stored and read again. */
    R stored(R row) {
        return rows.fromAvro(rows.toAvro(row));
    }

    public String key(IndexedRecord avro) {
        return avro.get(idPosition).toString();
    }

    long version(IndexedRecord avro) {
        return (Long) avro.get(versionPosition);
    }
}
