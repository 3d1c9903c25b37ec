package dev.annals.command;

import dev.annals.serde.RegistryAvroSerializer;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * A serializer that a few times fails with what may pass, in the middle of a transaction: it aborts, and is tried
 * again.
 */
public final class FailingSerializer implements Serializer<Object> {

    /** How many failures are left, for all serializers of this process. */
    static final AtomicInteger FAILURES = new AtomicInteger();

    private static final int EVERY = 150;
    private static final AtomicInteger RESULTS = new AtomicInteger();

    private final RegistryAvroSerializer inner = new RegistryAvroSerializer();

    @Override
    public void configure(Map<String, ?> configs, boolean isKey) {
        inner.configure(configs, isKey);
    }

    @Override
    public byte @Nullable [] serialize(String topic, @Nullable Object data) {
        return inner.serialize(topic, data);
    }

    @Override
    public byte @Nullable [] serialize(String topic, Headers headers, @Nullable Object data) {
        boolean isResult = data instanceof IndexedRecord record
                && record.getSchema().getName().equals("CommandResult");
        if (isResult && RESULTS.incrementAndGet() % EVERY == 0 && FAILURES.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
            throw new IllegalStateException("a failure that passes");
        }
        return inner.serialize(topic, headers, data);
    }

    @Override
    public void close() {
        inner.close();
    }
}
