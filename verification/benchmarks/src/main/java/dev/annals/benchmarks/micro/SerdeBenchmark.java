package dev.annals.benchmarks.micro;

import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.orders.OrderEvent;
import dev.annals.orders.OrdersDomain;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Time to take one event to Avro's record and on to the Confluent wire format, and back, with a registry in memory:
 * every schema is in the caches after the first call. Look at the median (p0.50): samples are so short that other work
 * on the machine disturbs few of them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls prepare
public class SerdeBenchmark {

    private static final String TOPIC = "orders.events";

    /** Of the order that is placed: a usual one, one of the largest; 0: the order is paid. */
    @Param({"0", "5", "500"})
    public int lines;

    private final AggregateBinding<?, ?, OrderEvent> binding = AggregateBinding.of(new OrdersDomain().aggregate());
    private Serializer<Object> serializer;
    private Deserializer<Object> deserializer;
    private OrderEvent event;
    private IndexedRecord record;
    private byte[] bytes;

    @Setup
    public void prepare() {
        AvroSerdes serdes = OrderEvents.serdes();
        serializer = serdes.newSerializer();
        deserializer = serdes.newDeserializer();
        event = new OrderEvents(lines).event(1, lines == 0 ? 2 : 1);
        record = binding.toAvro(event);
        bytes = Objects.requireNonNull(serializer.serialize(TOPIC, record));
    }

    @TearDown
    public void close() {
        serializer.close();
        deserializer.close();
    }

    @Benchmark
    public Object toRecord() {
        return binding.toAvro(event);
    }

    @Benchmark
    public byte[] serialize() {
        return serializer.serialize(TOPIC, record);
    }

    @Benchmark
    public Object deserialize() {
        return deserializer.deserialize(TOPIC, bytes);
    }

    @Benchmark
    public Object fromRecord() {
        return binding.events(record);
    }
}
