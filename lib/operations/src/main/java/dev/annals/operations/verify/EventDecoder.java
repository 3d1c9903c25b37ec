package dev.annals.operations.verify;

import dev.annals.engine.avro.AggregateBinding;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the events of one type. For one thread. */
record EventDecoder(AggregateBinding<?, ?, ?> binding, Deserializer<Object> deserializer) implements RecordDecoder {

    @Override
    public boolean isSummary(String type) {
        return binding.isSummary(type);
    }

    @Override
    public boolean isCausedOnce() {
        return true;
    }
}
