package dev.annals.lanes;

import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.deciding.ResultReader;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.Topics;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * What instances send each other, as bytes: a command as one record, an answer as the record of its result and those of
 * its events. A record is its time (8 bytes), the number of headers (4), each as a name and a value, the key and the
 * value; each of these behind its length (4 bytes; -1: null). Numbers are in big endian. Thread-safe.
 */
public final class PeerCodec implements AutoCloseable {

    private static final int MAX_HEADERS = 1_000;

    private final Topics topics;
    private final Serializer<Object> serializer;
    private final Deserializer<Object> deserializer;
    private final ResultReader results;

    public PeerCodec(Topics topics, AvroSerdes serdes) {
        this.topics = topics;
        this.serializer = serdes.newSerializer();
        this.deserializer = serdes.newDeserializer();
        this.results = new ResultReader(deserializer);
    }

    public byte[] command(Record<byte[], byte[]> command) {
        return write(List.of(command));
    }

    /** @throws IllegalArgumentException if it is none */
    public Record<byte[], byte[]> command(byte[] bytes) {
        List<Record<byte[], byte[]>> records = read(bytes);
        if (records.size() != 1) {
            throw new IllegalArgumentException("expected one record, got " + records.size());
        }
        return records.getFirst();
    }

    public synchronized byte[] answer(String type, CommandAnswer answer) {
        Headers headers = new RecordHeaders();
        byte[] result = serializer.serialize(
                topics.results(type), headers, CommandResult.binding().toAvro(answer.result()));
        List<Record<byte[], byte[]>> records = new ArrayList<>();
        records.add(new Record<>(answer.result().aggregateId().getBytes(StandardCharsets.UTF_8), result, 0, headers));
        records.addAll(answer.events());
        return write(records);
    }

    /** @throws IllegalArgumentException if it is none */
    public synchronized CommandAnswer answer(String type, byte[] bytes) {
        List<Record<byte[], byte[]>> records = read(bytes);
        if (records.isEmpty()) {
            throw new IllegalArgumentException("expected a result, got nothing");
        }
        Record<byte[], byte[]> result = records.getFirst();
        return new CommandAnswer(
                results.read(topics.results(type), result.headers(), result.value()),
                records.subList(1, records.size()));
    }

    private static byte[] write(List<Record<byte[], byte[]>> records) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            for (Record<byte[], byte[]> each : records) {
                write(out, each);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, Record<byte[], byte[]> record) throws IOException {
        Header[] headers = record.headers().toArray();
        out.writeLong(record.timestamp());
        out.writeInt(headers.length);
        for (Header each : headers) {
            write(out, each.key().getBytes(StandardCharsets.UTF_8));
            write(out, each.value());
        }
        write(out, record.key());
        write(out, record.value());
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static List<Record<byte[], byte[]>> read(byte[] bytes) {
        List<Record<byte[], byte[]>> records = new ArrayList<>();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            while (in.available() > 0) {
                records.add(readRecord(in));
            }
        } catch (IOException e) {
            throw new IllegalArgumentException("the bytes end within a record", e);
        }
        return records;
    }

    private static Record<byte[], byte[]> readRecord(DataInputStream in) throws IOException {
        long time = in.readLong();
        int count = in.readInt();
        if (time < 0 || count < 0 || count > MAX_HEADERS) {
            throw new IllegalArgumentException("a record at time %d with %d headers".formatted(time, count));
        }
        Headers headers = new RecordHeaders();
        for (int i = 0; i < count; i++) {
            byte[] name = readBytes(in);
            if (name == null) {
                throw new IllegalArgumentException("a header without a name");
            }
            headers.add(new String(name, StandardCharsets.UTF_8), readBytes(in));
        }
        byte[] key = readBytes(in);
        byte[] value = readBytes(in);
        return new Record<>(key, value, time, headers);
    }

    private static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < -1 || length > in.available()) {
            throw new IllegalArgumentException("%d bytes of %d".formatted(length, in.available()));
        }
        return length < 0 ? null : in.readNBytes(length);
    }

    @Override
    public synchronized void close() {
        serializer.close();
        deserializer.close();
    }
}
