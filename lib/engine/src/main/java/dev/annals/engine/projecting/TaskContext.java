package dev.annals.engine.projecting;

import dev.annals.engine.notes.RecordPlace;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** A fold in a task of a Streams application: whatever it hands on goes to what comes next in the topology. */
record TaskContext(ProcessorContext<byte[], byte[]> task, RowWriter rows) implements FoldContext {

    @Override
    public RecordPlace place() {
        RecordMetadata record = task.recordMetadata()
                .orElseThrow(() -> new IllegalStateException("a view folds records of topics only"));
        return new RecordPlace(record.topic(), record.partition(), record.offset());
    }

    @Override
    public Store store(String name) {
        KeyValueStore<byte[], byte[]> store = task.getStateStore(name);
        return new Store() {
            @Override
            public byte @Nullable [] get(byte[] key) {
                return store.get(key);
            }

            @Override
            public void put(byte[] key, byte[] value) {
                store.put(key, value);
            }
        };
    }

    @Override
    public void change(String group, PartChange change, Record<byte[], byte[]> cause) {
        task.forward(change.toRecord(group, cause));
    }

    @Override
    public void row(String key, long version, @Nullable GenericRecord row, Record<byte[], byte[]> cause) {
        task.forward(rows.row(key, version, row, cause.timestamp(), cause.headers()));
    }

    @Override
    public void commit() {
        task.commit();
    }
}
