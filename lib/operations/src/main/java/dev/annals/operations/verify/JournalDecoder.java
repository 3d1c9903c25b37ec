package dev.annals.operations.verify;

import org.apache.kafka.common.serialization.Deserializer;

/** Reads the journals of a process. An input can cause more than one entry: it parks, and is then taken. */
record JournalDecoder(Deserializer<Object> deserializer) implements RecordDecoder {

    @Override
    public boolean isSummary(String type) {
        return false;
    }

    @Override
    public boolean isCausedOnce() {
        return false;
    }
}
