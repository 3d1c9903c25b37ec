package dev.annals.benchmarks.binding;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DatumReader;
import org.apache.avro.io.DatumWriter;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/** Avro's own bytes of Avro's own records: the half that all ways but Jackson's share. */
final class AvroCodec<R> implements Codec<R> {

    private final DatumWriter<R> writer;
    private final DatumReader<R> reader;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private @Nullable BinaryEncoder encoder;
    private @Nullable BinaryDecoder decoder;

    AvroCodec(DatumWriter<R> writer, DatumReader<R> reader) {
        this.writer = writer;
        this.reader = reader;
    }

    static AvroCodec<GenericRecord> generic(Schema schema) {
        return new AvroCodec<>(new GenericDatumWriter<>(schema), new GenericDatumReader<>(schema));
    }

    @Override
    public byte[] encode(R value) throws IOException {
        out.reset();
        encoder = EncoderFactory.get().directBinaryEncoder(out, encoder);
        writer.write(value, encoder);
        return out.toByteArray();
    }

    @Override
    @SuppressWarnings("NullAway") // Avro allows null for "no record to use again"
    public R decode(byte[] bytes) throws IOException {
        decoder = DecoderFactory.get().binaryDecoder(bytes, decoder);
        return reader.read(null, decoder);
    }
}
