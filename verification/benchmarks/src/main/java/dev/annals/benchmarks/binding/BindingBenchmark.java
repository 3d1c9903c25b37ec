package dev.annals.benchmarks.binding;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Time to take one event to bytes and back, for every way and every payload. Look at the median (p0.50): samples are so
 * short that other work on the machine disturbs few of them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters, then calls prepare
public class BindingBenchmark {

    @Param
    public Payload payload;

    @Param
    public Way way;

    private Codec<Object> codec;
    private byte[] bytes;
    private Object value;

    @Setup
    @SuppressWarnings("unchecked") // every codec is given only what it has made itself
    public void prepare() throws IOException {
        bytes = ((Codec<Object>) Way.BINDER.codec(payload)).encode(payload.event());
        codec = (Codec<Object>) way.codec(payload);
        value = codec.decode(bytes);
    }

    @Benchmark
    public byte[] encode() throws IOException {
        return codec.encode(value);
    }

    @Benchmark
    public Object decode() throws IOException {
        return codec.decode(bytes);
    }
}
