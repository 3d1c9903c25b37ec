package dev.annals.benchmarks.load;

import dev.annals.accounts.AccountEvent;
import dev.annals.accounts.AccountEvent.AccountOpened;
import dev.annals.accounts.AccountEvent.MoneyDeposited;
import dev.annals.api.AggregateType;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Serializer;

/** Writes old events past the command service, which must not run: as many as are wanted, fast. For one thread. */
final class EventAppender<E> implements AutoCloseable {

    private static final int DELIVERY_LIMIT_MILLIS = 120_000;
    private static final String TIME = "2026-11-22T10:00:00Z";

    private final AggregateBinding<?, ?, E> binding;
    private final String topic;
    private final Serializer<Object> serializer;
    private final Producer<byte[], byte[]> producer;
    private final int partitions;
    private final List<Future<?>> sent = new ArrayList<>();

    /** The topic must be there: see {@link Installation#provision}. */
    EventAppender(Installation installation, AggregateType<?, ?, E> type) {
        this.binding = AggregateBinding.of(type);
        this.topic = installation.topics().events(type.name());
        this.serializer = installation.config().values().newSerializer();
        this.producer = installation
                .clients()
                .producer(Map.of("linger.ms", 20, "batch.size", 1 << 17, "delivery.timeout.ms", DELIVERY_LIMIT_MILLIS));
        this.partitions = producer.partitionsFor(topic).size();
    }

    void append(String id, long version, E event) {
        Headers headers = new RecordHeaders();
        HeaderName.TIME.put(headers, TIME);
        byte[] value = serializer.serialize(topic, headers, binding.toAvro(event));
        sent.add(producer.send(new ProducerRecord<>(
                topic, AggregateIds.partition(id, partitions), new EventKey(id, version).toBytes(), value, headers)));
    }

    /** The event of an account that is opened, and then gets deposits. */
    static AccountEvent ofAccount(int version) {
        return version == 1
                ? new AccountOpened("ann", "CZK", BigDecimal.ZERO)
                : new MoneyDeposited(new BigDecimal("1.25"), null, "deposit " + version);
    }

    /** @throws LoadException if an event was not written */
    @Override
    public void close() {
        try (serializer;
                producer) {
            producer.flush();
            for (Future<?> each : sent) {
                each.get();
            }
        } catch (ExecutionException e) {
            throw new LoadException("an event was not written: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }
}
