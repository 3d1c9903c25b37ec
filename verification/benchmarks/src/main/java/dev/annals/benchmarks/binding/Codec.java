package dev.annals.benchmarks.binding;

import java.io.IOException;

/** One way to take values of a class to Avro's bytes and back. One thread at a time. */
interface Codec<T> {

    byte[] encode(T value) throws IOException;

    T decode(byte[] bytes) throws IOException;
}
