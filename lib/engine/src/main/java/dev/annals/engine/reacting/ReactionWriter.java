package dev.annals.engine.reacting;

import dev.annals.engine.kafka.CloudEventHeaders;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Writes what an instance does as records: entries of its journal and commands, with the headers that the published
 * contract has. One thread at a time.
 */
final class ReactionWriter {

    /** What the extension {@code authcontext} calls somebody who is no person and no account. */
    private static final String SYSTEM = "system";

    private final String process;
    private final Topics topics;
    private final String source;
    private final CloudEventHeaders cloudEvents;
    private final Serializer<Object> serializer;
    private final int maxBytes;

    ReactionWriter(String process, Topics topics, Serializer<Object> serializer, int maxBytes) {
        this.process = process;
        this.topics = topics;
        this.source = "/annals/processes/" + process;
        this.cloudEvents = new CloudEventHeaders(source);
        this.serializer = serializer;
        this.maxBytes = maxBytes;
    }

    /**
     * An entry of the journal.
     *
     * @param cause the input's record
     * @throws ParkedException if it can't be written or is too large
     */
    Record<byte[], byte[]> entry(String instance, long number, GenericRecord entry, Record<byte[], byte[]> cause) {
        Headers headers = cloudEvents.ofAvro(
                entry.getSchema().getFullName(),
                process + "/" + instance + "/" + number,
                instance,
                Journal.time(Journal.input(entry)).toString());
        HeaderName.SEQUENCE.put(headers, EventKey.digits(number));
        HeaderName.CAUSATION_ID.put(headers, HeaderName.ID.in(cause.headers()));
        HeaderName.CORRELATION_ID.put(headers, Journal.text(entry, JournalSchema.CORRELATION_ID));
        HeaderName.TRACE_PARENT.put(headers, HeaderName.TRACE_PARENT.in(cause.headers()));
        byte[] value = serialize(topics.journal(process), headers, entry);
        return new Record<>(new EventKey(instance, number).toBytes(), value, cause.timestamp(), headers);
    }

    /**
     * A command, from the effect in a journal entry; throws as {@link #entry}.
     *
     * @param time of the input that it comes of
     */
    Record<byte[], byte[]> command(
            String instance,
            GenericRecord send,
            Instant time,
            int hops,
            @Nullable String correlationId,
            Record<byte[], byte[]> cause) {
        GenericRecord command = (GenericRecord) send.get(JournalSchema.COMMAND);
        String id = new ProcessCommandId(process, instance, Journal.number(send)).toString();
        Headers headers = CloudEventHeaders.ofCommand(id, command.getSchema().getFullName(), source, time);
        Object expected = send.get(JournalSchema.EXPECTED_VERSION);
        HeaderName.EXPECTED_VERSION.put(headers, expected == null ? null : expected.toString());
        HeaderName.CORRELATION_ID.put(headers, correlationId);
        HeaderName.AUTH_TYPE.put(headers, SYSTEM);
        HeaderName.AUTH_ID.put(headers, source);
        HeaderName.HOPS.put(headers, Integer.toString(hops));
        HeaderName.TRACE_PARENT.put(headers, HeaderName.TRACE_PARENT.in(cause.headers()));
        byte[] key =
                String.valueOf(Journal.text(send, JournalSchema.AGGREGATE_ID)).getBytes(StandardCharsets.UTF_8);
        byte[] value = serialize(topics.commands(type(send)), headers, command);
        return new Record<>(key, value, cause.timestamp(), headers);
    }

    static String type(GenericRecord send) {
        return String.valueOf(Journal.text(send, JournalSchema.TYPE));
    }

    private byte[] serialize(String topic, Headers headers, GenericRecord avro) {
        byte[] value;
        try {
            value = serializer.serialize(topic, headers, avro);
        } catch (SerializationException e) {
            if (RegistryFailures.mayPass(e) || RegistryFailures.isRefusal(e)) {
                throw e; // No instance is to blame: the partition waits until the deployment is mended.
            }
            throw new ParkedException(RegistryFailures.describe(e), e);
        }
        if (value.length > maxBytes) {
            throw new ParkedException("%s has %d bytes, at most %d are allowed"
                    .formatted(avro.getSchema().getName(), value.length, maxBytes));
        }
        return value;
    }
}
