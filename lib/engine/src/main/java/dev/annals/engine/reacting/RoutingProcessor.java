package dev.annals.engine.reacting;

import dev.annals.api.Input;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.UnknownRecordException;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.DeadLetterRecord;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.PolledRecords;
import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.kafka.UtcTimes;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * The first step: says for each event, and each result of a command, to which instance it goes, and sends it there as
 * it is. Keeps nothing. Results of others' commands are passed over by a look at their headers.
 */
final class RoutingProcessor implements Processor<byte[], byte[], byte[], byte[]> {

    private final ProcessBinding<?> binding;
    private final Instant from;
    private final AvroSerdes serdes;
    private final ReactingConfig config;
    private final Map<String, String> typesOfEvents = new HashMap<>();
    private final Map<String, String> typesOfResults = new HashMap<>();
    private @Nullable Running running;

    private record Running(ProcessorContext<byte[], byte[]> context, Deserializer<Object> deserializer) {}

    /** @param from when the process began: events before that are not its own */
    RoutingProcessor(ProcessBinding<?> binding, Topics topics, Instant from, AvroSerdes serdes, ReactingConfig config) {
        this.binding = binding;
        this.from = from;
        this.serdes = serdes;
        this.config = config;
        binding.followedTypes().forEach(type -> typesOfEvents.put(topics.events(type), type));
        binding.commandedTypes().forEach(type -> typesOfResults.put(topics.results(type), type));
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        running = new Running(context, serdes.newDeserializer());
    }

    private Running running() {
        if (running == null) {
            throw new IllegalStateException("init comes first");
        }
        return running;
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Running to = running();
        RecordMetadata origin = to.context
                .recordMetadata()
                .orElseThrow(() -> new IllegalStateException("inputs are records of topics only"));
        String answering = typesOfResults.get(origin.topic());
        String happening = typesOfEvents.get(origin.topic());
        try {
            if (answering != null) {
                answer(to, answering, record);
            }
            if (happening != null) {
                event(to, happening, origin.topic(), record);
            }
        } catch (ParkedException e) {
            to.context.forward(Arrival.ofNoInstance(DeadLetterRecord.of(
                    record, RecordPlace.of(origin), "no-instance", e.reason(), config.maxRecordBytes())));
        }
        if (PolledRecords.ofThread().processed(new TopicPartition(origin.topic(), origin.partition()))) {
            to.context.commit();
        }
    }

    private void answer(Running to, String type, Record<byte[], byte[]> result) {
        ProcessCommandId command = ProcessCommandId.parse(binding.name(), HeaderName.CAUSATION_ID.in(result.headers()));
        if (command != null) {
            forward(to, command.instance(), new Arrival.OfAnswer(type, command.number(), offset(result)), result);
        }
    }

    /** The id of a result is the place of its command. */
    private static long offset(Record<byte[], byte[]> result) {
        try {
            return RecordPlace.parse(String.valueOf(HeaderName.ID.in(result.headers())))
                    .offset();
        } catch (IllegalArgumentException e) {
            throw new ParkedException("a result has no id of its own: " + e.getMessage(), e);
        }
    }

    private void event(Running to, String type, String topic, Record<byte[], byte[]> record) {
        boolean isErased = record.value() == null;
        if (isErased || record.timestamp() < from.toEpochMilli()) {
            return;
        }
        EventKey key = key(record);
        Set<String> instances = instances(to, type, topic, key, record);
        if (!instances.isEmpty() && Hops.of(record.headers()) >= config.maxHops()) {
            throw new ParkedException(
                    "%d processes in a row led to this event, at most %d are followed; do they answer each other?"
                            .formatted(Hops.of(record.headers()), config.maxHops()));
        }
        instances.forEach(instance -> forward(to, instance, new Arrival.OfEvent(type, key), record));
    }

    private static EventKey key(Record<byte[], byte[]> record) {
        try {
            return EventKey.parse(record.key());
        } catch (IllegalArgumentException e) {
            throw new ParkedException("expected the key of an event: " + e.getMessage(), e);
        }
    }

    /** Several only where an upcaster makes several events of a stored one. */
    private Set<String> instances(Running to, String type, String topic, EventKey key, Record<byte[], byte[]> record) {
        Set<String> instances = new LinkedHashSet<>();
        AggregateBinding<?, ?, ?> events = binding.followed(type);
        try {
            Object value = to.deserializer.deserialize(topic, record.headers(), record.value());
            Instant time = UtcTimes.ofEvent(record.headers(), record.timestamp());
            for (Object event : events.events((IndexedRecord) value)) {
                String instance = binding.instance(new Input.Happened(key.aggregateId(), key.version(), time, event));
                if (instance != null) {
                    instances.add(instance);
                }
            }
        } catch (SerializationException e) {
            if (RegistryFailures.mayPass(e)) {
                throw e;
            }
            throw new ParkedException("the event can't be read: " + RegistryFailures.describe(e), e);
        } catch (BindingException | UnknownRecordException | DateTimeException | ClassCastException e) {
            throw new ParkedException("the event can't be read: " + e.getMessage(), e);
        }
        return instances;
    }

    private static void forward(Running to, String instance, Arrival arrival, Record<byte[], byte[]> record) {
        to.context.forward(arrival.mark(record).withKey(instance.getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void close() {
        Running closing = running;
        running = null;
        if (closing != null) {
            PolledRecords.ofThread().drop(closing.context.taskId().partition());
            closing.deserializer.close();
        }
    }
}
