package dev.annals.command;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.BindingException;
import dev.annals.engine.avro.SampleRecords;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.RegistryFailures;
import dev.annals.engine.kafka.Topics;
import dev.annals.service.Readiness;
import dev.annals.service.StartupException;
import dev.annals.service.Worker;
import dev.annals.service.Workers;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Start-up check of the schemas: writes and reads a sample of every command, event and result, so that the registry
 * knows them before the first command, and what is written means what it is given. Nothing is taken before; no command
 * waits for the registry or for classes to load. What can't heal (a refused schema) ends the start, what may pass is
 * tried again, on a thread of its own.
 */
final class SchemaCheck implements Readiness, AutoCloseable {

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger(SchemaCheck.class);

    private final Collection<AggregateBinding<?, ?, ?>> bindings;
    private final Topics topics;
    private final Serializer<Object> serializer;
    private final Deserializer<Object> deserializer;
    private final SchemaIds ids;
    private final Workers workers;
    private @Nullable Worker worker;
    private boolean closed;
    private volatile @Nullable String reason = "schemas: not looked up yet";

    SchemaCheck(
            Collection<AggregateBinding<?, ?, ?>> bindings,
            Topics topics,
            AvroSerdes serdes,
            SchemaIds ids,
            Workers workers) {
        this.bindings = List.copyOf(bindings);
        this.topics = topics;
        this.serializer = serdes.newSerializer();
        this.deserializer = serdes.newDeserializer();
        this.ids = ids;
        this.workers = workers;
    }

    /**
     * @throws StartupException if no other can do better: the registry refuses a schema, the one that it has ready
     *     can't say what ours does, or it is not the one with which records were written
     */
    void first() {
        RuntimeException failure = attempt();
        if (failure instanceof StartupException
                || (failure instanceof SerializationException
                        && !RegistryFailures.mayPass(failure)
                        && !RegistryFailures.isNotFound(failure))) {
            throw new StartupException(String.valueOf(reason), failure);
        }
    }

    /** Tries until all schemas are known, then begins what needs them; never after {@link #close}. */
    void start(Runnable whenKnown) {
        Worker checking = workers.worker("schema-check", () -> round(whenKnown)).atEnd(() -> {
            serializer.close();
            deserializer.close();
        });
        worker = checking;
        checking.start();
    }

    private Duration round(Runnable whenKnown) {
        if (reason == null || attempt() == null) {
            begin(whenKnown);
        }
        return PAUSE;
    }

    private synchronized void begin(Runnable whenKnown) {
        if (!closed) {
            whenKnown.run();
        }
        Objects.requireNonNull(worker).finish();
    }

    private @Nullable RuntimeException attempt() {
        try {
            ids.requireSame(); // before anything is registered
            bindings.forEach(this::tryAll);
            ids.record();
            reason = null;
            return null;
        } catch (RuntimeException e) { // whatever a serializer throws: the check must not end without saying why
            String message = "schemas: " + RegistryFailures.describe(e);
            if (!message.equals(reason)) {
                LOG.atWarn().addKeyValue("reason", message).log("schemas are not known to the registry yet");
            }
            reason = message;
            return e;
        }
    }

    private <E> void tryAll(AggregateBinding<?, ?, E> binding) {
        String type = binding.type().name();
        for (Schema schema : binding.commandSchemas()) {
            bind(() -> binding.command(roundTrip(topics.commands(type), schema)));
        }
        for (Schema schema : binding.eventSchemas()) {
            bind(() -> binding.events(roundTrip(topics.events(type), schema)).forEach(binding::toAvro));
        }
        byte[] result = write(topics.results(type), CommandResult.SCHEMA);
        read(topics.results(type), result);
    }

    /** A domain may refuse the values of a sample: its schema is known all the same. */
    private static void bind(Runnable sample) {
        try {
            sample.run();
        } catch (BindingException e) {
            LOG.atDebug().setCause(e).log("a sample does not fit its domain");
        }
    }

    private IndexedRecord roundTrip(String topic, Schema schema) {
        return read(topic, write(topic, schema));
    }

    private byte[] write(String topic, Schema schema) {
        byte[] written = serializer.serialize(topic, SampleRecords.of(schema));
        ids.note(written);
        return written;
    }

    private IndexedRecord read(String topic, byte[] bytes) {
        return (IndexedRecord) deserializer.deserialize(topic, bytes);
    }

    @Override
    public List<String> reasonsAgainst() {
        return Stream.ofNullable(reason).toList();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        if (worker != null) {
            worker.close();
        }
    }
}
