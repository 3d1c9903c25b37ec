package dev.annals.benchmarks.binding;

import dev.annals.engine.avro.RecordBinding;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** The generic binding of {@code core}, for any record class. */
final class BinderCodec<T extends Record> implements Codec<T> {

    private final RecordBinding<T> binding;
    private final AvroCodec<GenericRecord> avro;

    BinderCodec(Class<T> type, Schema schema) {
        this.binding = RecordBinding.of(type, schema);
        this.avro = AvroCodec.generic(schema);
    }

    @Override
    public byte[] encode(T value) throws IOException {
        return avro.encode(binding.toAvro(value));
    }

    @Override
    public T decode(byte[] bytes) throws IOException {
        return binding.fromAvro(avro.decode(bytes));
    }
}
