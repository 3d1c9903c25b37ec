package dev.annals.engine.deciding;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.CommandHandler.HandledCommand;
import dev.annals.engine.deciding.CommandResult.Outcome;
import dev.annals.engine.kafka.CloudEventHeaders;
import dev.annals.engine.kafka.DeadLetterRecord;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Writes what becomes of a command as records: keys, headers and values as the published contract has them. One thread
 * at a time.
 */
final class RecordWriter<E> {

    private final String type;
    private final AggregateBinding<?, ?, E> binding;
    private final String eventsTopic;
    private final String resultsTopic;
    private final CloudEventHeaders cloudEvents;
    private final Serializer<Object> serializer;
    private final int maxBytes;
    private final RecordBinding<CommandResult> results = CommandResult.binding();

    RecordWriter(AggregateBinding<?, ?, E> binding, Topics topics, Serializer<Object> serializer, int maxBytes) {
        this.type = binding.type().name();
        this.binding = binding;
        this.eventsTopic = topics.events(type);
        this.resultsTopic = topics.results(type);
        this.cloudEvents = new CloudEventHeaders("/annals/" + type);
        this.serializer = serializer;
        this.maxBytes = maxBytes;
    }

    /** @throws CommandFailedException if an event can't be written or is too large */
    List<Record<byte[], byte[]>> events(Command<?> command, HandledCommand<E> handled, Record<byte[], byte[]> cause) {
        List<Record<byte[], byte[]>> records = new ArrayList<>(handled.events().size());
        long version = handled.baseVersion();
        for (E event : handled.events()) {
            records.add(event(command, event, ++version, cause));
        }
        return records;
    }

    private Record<byte[], byte[]> event(Command<?> command, E event, long version, Record<byte[], byte[]> cause) {
        GenericRecord avro = avro(event);
        String id = command.aggregateId();
        Headers headers = cloudEvents.ofAvro(
                avro.getSchema().getFullName(),
                type + "/" + id + "/" + version,
                id,
                command.time().toString());
        HeaderName.SEQUENCE.put(headers, EventKey.digits(version));
        HeaderName.CAUSATION_ID.put(headers, command.id());
        HeaderName.CORRELATION_ID.put(headers, command.correlationId());
        putWhoAsked(
                headers,
                CommandReader.passedOn(HeaderName.AUTH_TYPE, cause.headers()),
                CommandReader.passedOn(HeaderName.AUTH_ID, cause.headers()));
        HeaderName.HOPS.put(headers, CommandReader.passedOn(HeaderName.HOPS, cause.headers()));
        HeaderName.TRACE_PARENT.put(headers, CommandReader.passedOn(HeaderName.TRACE_PARENT, cause.headers()));
        byte[] value = serialize(eventsTopic, headers, avro);
        return new Record<>(new EventKey(id, version).toBytes(), value, cause.timestamp(), headers);
    }

    /** As the command says it ({@link ActorTrust}). The extension wants a type wherever there is an id. */
    private static void putWhoAsked(Headers headers, @Nullable String type, @Nullable String id) {
        HeaderName.AUTH_TYPE.put(headers, type == null && id != null ? HeaderName.UNKNOWN_PRINCIPAL : type);
        HeaderName.AUTH_ID.put(headers, id);
    }

    private GenericRecord avro(E event) {
        try {
            return binding.toAvro(event);
        } catch (BindingException e) {
            throw new CommandFailedException("unwritable-event", e.getMessage(), e);
        }
    }

    /** @throws CommandFailedException if it can't be written or is too large */
    byte[] encode(CommandResult result) {
        GenericRecord avro;
        try {
            avro = results.toAvro(result);
        } catch (BindingException e) {
            throw new CommandFailedException("unwritable", String.valueOf(e.getMessage()), e);
        }
        return serialize(resultsTopic, new RecordHeaders(), avro);
    }

    /**
     * The result of one command record: each has one, also one without a command id, one that failed and each repeat.
     *
     * @param encoded what {@link #encode} made of it
     * @param id of this result
     */
    Record<byte[], byte[]> result(CommandResult result, byte[] encoded, Record<byte[], byte[]> cause, String id) {
        Headers headers = cloudEvents.ofAvro(
                results.schema().getFullName(),
                id,
                result.aggregateId(),
                result.time().toString());
        HeaderName.CAUSATION_ID.put(headers, result.commandId());
        HeaderName.CORRELATION_ID.put(headers, result.correlationId());
        putWhoAsked(headers, ifShort(HeaderName.AUTH_TYPE, cause), ifShort(HeaderName.AUTH_ID, cause));
        HeaderName.TRACE_PARENT.put(headers, ifShort(HeaderName.TRACE_PARENT, cause));
        return new Record<>(result.aggregateId().getBytes(StandardCharsets.UTF_8), encoded, cause.timestamp(), headers);
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

    Record<byte[], byte[]> deadLetter(
            Record<byte[], byte[]> record, @Nullable RecordPlace place, CommandFailedException failure) {
        return DeadLetterRecord.of(record, place, failure.reason(), failure.getMessage(), maxBytes);
    }

    /** Whether a record can be written again as it is. */
    void requireFits(Record<byte[], byte[]> record) {
        long size = DeadLetterRecord.size(record);
        if (size > maxBytes) {
            throw new CommandFailedException(
                    "too-large", "the command has %d bytes, at most %d are allowed".formatted(size, maxBytes));
        }
    }

    /**
     * A {@code failed} result, where there is someone to tell: a readable key and a command id.
     *
     * @param version of an aggregate, by its id
     */
    @Nullable
    CommandResult failure(
            Record<byte[], byte[]> record, CommandFailedException failure, ToLongFunction<String> version) {
        String aggregateId;
        String commandId;
        try {
            aggregateId = CommandReader.aggregateId(record.key());
            commandId = CommandReader.commandId(record.headers());
        } catch (CommandFailedException e) {
            return null; // The dead letter has the reason.
        }
        if (commandId == null) {
            return null;
        }
        String recordName = ifShort(HeaderName.TYPE, record);
        return new CommandResult(
                commandId,
                recordName == null ? "" : recordName.substring(recordName.lastIndexOf('.') + 1),
                type,
                aggregateId,
                Outcome.FAILED,
                version.applyAsLong(aggregateId),
                List.of(),
                failure.reason(),
                failure.getMessage(),
                false,
                Instant.ofEpochMilli(record.timestamp()),
                ifShort(HeaderName.CORRELATION_ID, record));
    }

    private static @Nullable String ifShort(HeaderName name, Record<byte[], byte[]> record) {
        try {
            return CommandReader.passedOn(name, record.headers());
        } catch (CommandFailedException e) {
            return null; // Too long may be why it failed.
        }
    }
}
