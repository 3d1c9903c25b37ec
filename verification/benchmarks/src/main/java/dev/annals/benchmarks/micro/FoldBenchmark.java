package dev.annals.benchmarks.micro;

import dev.annals.api.View;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.Topics;
import dev.annals.engine.projecting.GenerationFolds;
import dev.annals.engine.projecting.MemoryBuild;
import dev.annals.engine.projecting.Skips;
import dev.annals.engine.viewregistry.Generation;
import dev.annals.engine.viewregistry.Generation.Status;
import dev.annals.engine.viewregistry.ViewCode;
import dev.annals.engine.viewregistry.ViewId;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrdersDomain;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Time to fold one event of a partition in memory, the writing of what comes out included. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls prepare
public class FoldBenchmark {

    /**
     * Whose events come in turns, so that an order's next event comes when it is no longer in the processor's cache.
     */
    private static final int ORDERS_AT_A_TIME = 10_000;

    private static final int EVENTS = 10 * ORDERS_AT_A_TIME * OrderEvents.STAGES;
    private static final long MUCH = 1L << 30;
    private static final Topics TOPICS = new Topics("");
    private static final byte[] TIME_NAME = HeaderName.TIME.key().getBytes(StandardCharsets.UTF_8);
    private static final byte[] TIME = "2026-01-02T03:04:05.678Z".getBytes(StandardCharsets.UTF_8);

    @Param({"country-sales", "customer-orders", "orders"})
    public String view;

    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();
    private String topic;
    private GenerationFolds folds;

    @Setup
    public void prepare() {
        AvroSerdes serdes = OrderEvents.serdes();
        OrdersDomain domain = new OrdersDomain();
        AggregateBinding<?, ?, OrderEvent> binding = AggregateBinding.of(domain.aggregate());
        topic = TOPICS.events(binding.type().name());
        try (Serializer<Object> serializer = serdes.newSerializer()) {
            OrderEvents events = new OrderEvents(3);
            for (int number = 0; number < EVENTS; number++) {
                int round = number / ORDERS_AT_A_TIME;
                int order = round / OrderEvents.STAGES * ORDERS_AT_A_TIME + number % ORDERS_AT_A_TIME;
                int version = 1 + round % OrderEvents.STAGES;
                keys.add(new EventKey("order-" + order, version).toBytes());
                values.add(serializer.serialize(topic, binding.toAvro(events.event(order, version))));
            }
        }
        View<?, ?> one = domain.views().stream()
                .filter(each -> each.name().equals(view))
                .findFirst()
                .orElseThrow();
        Generation first = new Generation(
                ViewId.first(one), new ViewCode(one.version(), ""), Status.BUILDING, Map.of(), Instant.EPOCH);
        folds = GenerationFolds.of(one, first, binding, List.of(binding), TOPICS, serdes, Skips.NONE);
    }

    @Benchmark
    @OperationsPerInvocation(EVENTS)
    public void fold(Blackhole hole) {
        MemoryBuild.Output out = new MemoryBuild.Output() {
            @Override
            public void entry(String store, @Nullable Integer partition, byte[] key, byte[] value) {
                hole.consume(value);
            }

            @Override
            public void row(Record<byte[], byte[]> row) {
                hole.consume(row.value());
            }
        };
        try (MemoryBuild build = new MemoryBuild(folds, MUCH)) {
            try (MemoryBuild.Partition partition = build.partition(topic, 0)) {
                for (int offset = 0; offset < EVENTS; offset++) {
                    partition.take(record(offset));
                }
                partition.end(EVENTS - 1L, out);
            }
            build.end(out);
        }
    }

    /** As a consumer makes it, with headers that nobody has read. */
    private ConsumerRecord<byte[], byte[]> record(int offset) {
        Headers headers =
                new RecordHeaders(new Header[] {new RecordHeader(ByteBuffer.wrap(TIME_NAME), ByteBuffer.wrap(TIME))});
        byte[] key = keys.get(offset);
        byte[] value = values.get(offset);
        return new ConsumerRecord<>(
                topic,
                0,
                offset,
                offset,
                TimestampType.CREATE_TIME,
                key.length,
                value.length,
                key,
                value,
                headers,
                Optional.empty());
    }
}
