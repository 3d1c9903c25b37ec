package dev.annals.lanes;

import dev.annals.engine.deciding.Restriction;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.CloudEventHeaders;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;

/** Writes commands as the records that their topics have. Thread-safe. */
final class CommandWriter implements AutoCloseable {

    private final Topics topics;
    private final Serializer<Object> serializer;
    private final String source;
    private final InstantSource clock;

    /** @param source a URI reference that says who sends */
    CommandWriter(Topics topics, AvroSerdes serdes, String source, InstantSource clock) {
        this.topics = topics;
        this.serializer = serdes.newSerializer();
        this.source = source;
        this.clock = clock;
    }

    /** @throws SerializationException if the registry is away, or refuses the schema */
    Record<byte[], byte[]> write(CommandMessage command) {
        Headers headers = CloudEventHeaders.ofCommand(
                command.commandId(), command.payload().getSchema().getFullName(), source, clock.instant());
        HeaderName.CORRELATION_ID.put(headers, command.correlationId());
        HeaderName.TRACE_PARENT.put(headers, command.traceParent());
        if (command.expectedVersion() != null) {
            HeaderName.EXPECTED_VERSION.put(headers, Long.toString(command.expectedVersion()));
        }
        if (command.actor() != null) {
            HeaderName.AUTH_TYPE.put(headers, command.actor().type());
            HeaderName.AUTH_ID.put(headers, command.actor().id());
            List<Restriction> restrictions = command.actor().restrictions();
            HeaderName.ONLY_WHERE.put(headers, restrictions.isEmpty() ? null : Restriction.write(restrictions));
        }
        byte[] value = serialize(command, headers);
        return new Record<>(command.aggregateId().getBytes(StandardCharsets.UTF_8), value, clock.millis(), headers);
    }

    /** A serializer serves one thread at a time. */
    private synchronized byte[] serialize(CommandMessage command, Headers headers) {
        return serializer.serialize(topics.commands(command.type()), headers, command.payload());
    }

    @Override
    public synchronized void close() {
        serializer.close();
    }
}
