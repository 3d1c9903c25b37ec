package dev.annals.checker.topics;

import dev.annals.checker.history.LoggedResult;
import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.AvroSerdes;
import dev.annals.engine.kafka.HeaderName;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/** Reads the records of results topics. One thread. */
public final class ResultReader implements AutoCloseable {

    private final Deserializer<Object> deserializer;
    private final RecordBinding<CommandResult> binding = CommandResult.binding();

    public ResultReader(AvroSerdes serdes) {
        this.deserializer = serdes.newDeserializer();
    }

    public LoggedResult read(ConsumerRecord<byte[], byte[]> record) {
        var avro = (IndexedRecord) deserializer.deserialize(record.topic(), record.headers(), record.value());
        return new LoggedResult(
                binding.fromAvro(avro),
                HeaderName.TRACE_PARENT.in(record.headers()),
                record.partition(),
                record.offset());
    }

    @Override
    public void close() {
        deserializer.close();
    }
}
