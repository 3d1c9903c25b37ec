package dev.annals.core.deciding;

import dev.annals.core.avro.AggregateBinding;
import dev.annals.core.avro.BindingException;
import dev.annals.core.avro.RecordBinding;
import dev.annals.core.deciding.CommandResult.Outcome;
import dev.annals.core.kafka.EventKey;
import dev.annals.core.kafka.HeaderName;
import dev.annals.core.kafka.RegistryFailures;
import dev.annals.core.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Writes what becomes of a command as records: keys, headers and values as the published contract has them. */
final class RecordWriter<E> {

    private static final String SPEC_VERSION = "1.0";

    /** Of a command that was never decided. */
    private static final long UNKNOWN_VERSION = 0;

    private final String type;
    private final AggregateBinding<?, ?, E> binding;
    private final String eventsTopic;
    private final String resultsTopic;
    private final String source;
    private final Serializer<Object> serializer;
    private final int maxBytes;
    private final RecordBinding<CommandResult> results =
            RecordBinding.of(CommandResult.class, DecidedCodec.RESULT_SCHEMA);

    RecordWriter(AggregateBinding<?, ?, E> binding, Topics topics, Serializer<Object> serializer, int maxBytes) {
        this.type = binding.type().name();
        this.binding = binding;
        this.eventsTopic = topics.events(type);
        this.resultsTopic = topics.results(type);
        this.source = "/annals/" + type;
        this.serializer = serializer;
        this.maxBytes = maxBytes;
    }

    /**
     * The events to append.
     *
     * @throws CommandFailedException if an event can't be written or is too large
     */
    List<Record<byte[], byte[]>> events(Command<?> command, Handling<E> handling, Record<byte[], byte[]> cause) {
        List<Record<byte[], byte[]>> records = new ArrayList<>(handling.events().size());
        long version = handling.baseVersion();
        for (E event : handling.events()) {
            records.add(event(command, event, ++version, cause));
        }
        return records;
    }

    private Record<byte[], byte[]> event(Command<?> command, E event, long version, Record<byte[], byte[]> cause) {
        GenericRecord avro = avro(event);
        String id = command.aggregateId();
        Headers headers = new RecordHeaders();
        HeaderName.SPEC_VERSION.put(headers, SPEC_VERSION);
        HeaderName.ID.put(headers, type + "/" + id + "/" + version);
        HeaderName.TYPE.put(headers, avro.getSchema().getFullName());
        HeaderName.SOURCE.put(headers, source);
        HeaderName.SUBJECT.put(headers, id);
        HeaderName.TIME.put(headers, command.time().toString());
        HeaderName.SEQUENCE.put(headers, Long.toString(version));
        HeaderName.CAUSATION_ID.put(headers, command.id());
        HeaderName.CORRELATION_ID.put(headers, command.correlationId());
        HeaderName.ACTOR.put(headers, HeaderName.ACTOR.in(cause.headers()));
        HeaderName.TRACE_PARENT.put(headers, HeaderName.TRACE_PARENT.in(cause.headers()));
        byte[] value = serialize(eventsTopic, headers, avro);
        return new Record<>(new EventKey(id, version).toBytes(), value, cause.timestamp(), headers);
    }

    private GenericRecord avro(E event) {
        try {
            return binding.toAvro(event);
        } catch (BindingException e) {
            throw new CommandFailedException("unwritable-event", e.getMessage(), e);
        }
    }

    Record<byte[], byte[]> result(CommandResult result, Record<byte[], byte[]> cause) {
        Headers headers = new RecordHeaders();
        HeaderName.TYPE.put(headers, results.schema().getFullName());
        HeaderName.CAUSATION_ID.put(headers, result.commandId());
        HeaderName.CORRELATION_ID.put(headers, result.correlationId());
        HeaderName.REQUEST_ID.put(headers, HeaderName.REQUEST_ID.in(cause.headers()));
        HeaderName.TRACE_PARENT.put(headers, HeaderName.TRACE_PARENT.in(cause.headers()));
        byte[] value = serialize(resultsTopic, headers, results.toAvro(result));
        return new Record<>(result.aggregateId().getBytes(StandardCharsets.UTF_8), value, cause.timestamp(), headers);
    }

    private byte[] serialize(String topic, Headers headers, GenericRecord avro) {
        byte[] value;
        try {
            value = serializer.serialize(topic, headers, avro);
        } catch (SerializationException e) {
            if (RegistryFailures.mayPass(e) || RegistryFailures.isRefusal(e)) {
                throw e; // No command is to blame: the partition waits until the deployment is mended.
            }
            throw new CommandFailedException("unwritable", RegistryFailures.describe(e), e);
        }
        if (value.length > maxBytes) {
            throw new CommandFailedException(
                    "too-large",
                    "%s has %d bytes, at most %d are allowed"
                            .formatted(avro.getSchema().getName(), value.length, maxBytes));
        }
        return value;
    }

    /** The record as received, with the reason. */
    Record<byte[], byte[]> deadLetter(
            Record<byte[], byte[]> record, @Nullable RecordMetadata origin, CommandFailedException failure) {
        Headers headers = new RecordHeaders(record.headers());
        HeaderName.DEAD_LETTER_REASON.put(headers, failure.reason());
        HeaderName.DEAD_LETTER_MESSAGE.put(headers, failure.getMessage());
        if (origin != null) {
            HeaderName.DEAD_LETTER_TOPIC.put(headers, origin.topic());
            HeaderName.DEAD_LETTER_PARTITION.put(headers, Integer.toString(origin.partition()));
            HeaderName.DEAD_LETTER_OFFSET.put(headers, Long.toString(origin.offset()));
        }
        return record.withHeaders(headers);
    }

    /** A {@code failed} result, where there is someone to tell: a readable key, and a command or request id. */
    @Nullable
    Record<byte[], byte[]> failure(Record<byte[], byte[]> record, CommandFailedException failure) {
        String aggregateId;
        String commandId;
        try {
            aggregateId = CommandReader.aggregateId(record.key());
            commandId = CommandReader.commandId(record.headers());
        } catch (CommandFailedException e) {
            return null; // The dead letter has the reason.
        }
        if (commandId == null && HeaderName.REQUEST_ID.in(record.headers()) == null) {
            return null;
        }
        String recordName = HeaderName.TYPE.in(record.headers());
        CommandResult result = new CommandResult(
                commandId,
                recordName == null ? "" : recordName.substring(recordName.lastIndexOf('.') + 1),
                type,
                aggregateId,
                Outcome.FAILED,
                UNKNOWN_VERSION,
                List.of(),
                failure.reason(),
                failure.getMessage(),
                false,
                Instant.ofEpochMilli(record.timestamp()),
                HeaderName.CORRELATION_ID.in(record.headers()));
        return result(result, record);
    }
}
