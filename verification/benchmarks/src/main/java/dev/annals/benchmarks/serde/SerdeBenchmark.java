package dev.annals.benchmarks.serde;

import dev.annals.benchmarks.binding.Payload;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.serde.RegistryAvroDeserializer;
import dev.annals.serde.RegistryAvroSerializer;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.avro.generic.GenericRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.infra.Blackhole;

/**
 * Time to write and to read one event with a registry in memory: every schema is in the caches after the first call.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls prepare
public class SerdeBenchmark {

    private static final String TOPIC = "events";

    @Param
    public Payload payload;

    private RegistryAvroSerializer serializer;
    private RegistryAvroDeserializer deserializer;
    private GenericRecord record;
    private byte[] bytes;

    @Setup
    public void prepare() {
        Map<String, Object> config = Map.of(
                "schema.registry.url",
                "mock://benchmark",
                "value.subject.name.strategy",
                "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy");
        serializer = new RegistryAvroSerializer();
        serializer.configure(config, false);
        deserializer = new RegistryAvroDeserializer();
        deserializer.configure(config, false);
        record = toAvro(payload.event().getClass());
        bytes = Objects.requireNonNull(serializer.serialize(TOPIC, record));
    }

    private <T extends Record> GenericRecord toAvro(Class<T> type) {
        return RecordBinding.of(type, payload.schema()).toAvro(type.cast(payload.event()));
    }

    @TearDown
    public void close() {
        serializer.close();
        deserializer.close();
    }

    @Benchmark
    public void serialize(Blackhole hole) {
        hole.consume(serializer.serialize(TOPIC, record));
    }

    @Benchmark
    public void deserialize(Blackhole hole) {
        hole.consume(deserializer.deserialize(TOPIC, bytes));
    }
}
