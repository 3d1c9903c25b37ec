package dev.annals.benchmarks.binding;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.dataformat.avro.AvroMapper;
import com.fasterxml.jackson.dataformat.avro.AvroSchema;
import com.fasterxml.jackson.dataformat.avro.jsr310.AvroJavaTimeModule;
import java.io.IOException;
import org.apache.avro.Schema;

/** Jackson's Avro format with our schema. Writes the milliseconds of an instant, whatever unit the schema says. */
final class JacksonCodec<T extends Record> implements Codec<T> {

    private final ObjectWriter writer;
    private final ObjectReader reader;

    JacksonCodec(Class<T> type, Schema schema) {
        AvroMapper mapper =
                AvroMapper.builder().addModule(new AvroJavaTimeModule()).build();
        this.writer = mapper.writer(new AvroSchema(schema));
        this.reader = mapper.readerFor(type).with(new AvroSchema(schema));
    }

    @Override
    public byte[] encode(T value) throws IOException {
        return writer.writeValueAsBytes(value);
    }

    @Override
    public T decode(byte[] bytes) throws IOException {
        return reader.readValue(bytes);
    }
}
