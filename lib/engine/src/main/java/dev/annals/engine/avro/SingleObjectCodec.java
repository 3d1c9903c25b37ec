package dev.annals.engine.avro;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;

/**
 * Avro's single-object encoding (Avro specification, "Single-object encoding"): the bytes {@code C3 01}, the schema's
 * CRC-64-AVRO fingerprint in little endian, and the record. For what stays inside a service and needs no registry: the
 * fingerprint tells bytes of another shape. Any thread may encode; one at a time may decode.
 */
public final class SingleObjectCodec {

    private static final short MARKER = (short) 0xC301;
    private static final int HEADER_BYTES = Short.BYTES + Long.BYTES;
    private static final int USUAL_BYTES = 256;

    private final Schema schema;
    private final long fingerprint;
    private final byte[] header;
    private final GenericDatumWriter<GenericRecord> writer;
    private final GenericDatumReader<GenericRecord> reader;
    private @Nullable BinaryDecoder decoder;

    public SingleObjectCodec(Schema schema) {
        this.schema = schema;
        this.fingerprint = SchemaNormalization.parsingFingerprint64(schema);
        this.header = ByteBuffer.allocate(HEADER_BYTES)
                .putShort(MARKER)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(fingerprint)
                .array();
        this.writer = new GenericDatumWriter<>(schema);
        this.reader = new GenericDatumReader<>(schema);
    }

    public Schema schema() {
        return schema;
    }

    /** The CRC-64-AVRO fingerprint of the schema, which its bytes carry. */
    public long fingerprint() {
        return fingerprint;
    }

    /** Whether bytes say that {@link #encode} of this schema wrote them. */
    public boolean wrote(byte[] bytes) {
        return bytes.length >= HEADER_BYTES && Arrays.equals(header, 0, HEADER_BYTES, bytes, 0, HEADER_BYTES);
    }

    /**
     * The first field, a long, of a record of any schema.
     *
     * @throws BindingException if there is none
     */
    public static long firstLong(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || ByteBuffer.wrap(bytes).getShort() != MARKER) {
            throw new BindingException("a stored record is damaged: no single-object header");
        }
        try {
            return DecoderFactory.get()
                    .binaryDecoder(bytes, HEADER_BYTES, bytes.length - HEADER_BYTES, null)
                    .readLong();
        } catch (IOException e) {
            throw new BindingException("a stored record is damaged: " + e.getMessage(), e);
        }
    }

    /** @throws BindingException if the record does not fit the schema */
    public byte[] encode(GenericRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(USUAL_BYTES);
        out.writeBytes(header);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        try {
            writer.write(record, encoder);
        } catch (IOException | AvroRuntimeException e) {
            throw new BindingException("%s can't be written: %s".formatted(schema.getName(), e.getMessage()), e);
        }
        return out.toByteArray();
    }

    /** @throws BindingException if the bytes have another schema or are damaged */
    public GenericRecord decode(byte[] bytes) {
        return decode(bytes, 0);
    }

    /** As {@link #decode(byte[])}, of the bytes from a position on. */
    public GenericRecord decode(byte[] bytes, int from) {
        requireOwn(bytes, from);
        int start = from + HEADER_BYTES;
        decoder = DecoderFactory.get().binaryDecoder(bytes, start, bytes.length - start, decoder);
        try {
            GenericRecord record = reader.read(null, decoder);
            if (!decoder.isEnd()) {
                throw new IOException("bytes are left over");
            }
            return record;
        } catch (IOException | AvroRuntimeException e) {
            throw new BindingException("stored %s is damaged: %s".formatted(schema.getName(), e.getMessage()), e);
        }
    }

    private void requireOwn(byte[] bytes, int from) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, from, bytes.length - from);
        if (buffer.remaining() < HEADER_BYTES || buffer.getShort() != MARKER) {
            throw new BindingException("stored %s is damaged: no single-object header".formatted(schema.getName()));
        }
        if (buffer.order(ByteOrder.LITTLE_ENDIAN).getLong() != fingerprint) {
            throw new BindingException(
                    "stored %s has another shape than this version's; it must be built anew from the events"
                            .formatted(schema.getName()));
        }
    }
}
