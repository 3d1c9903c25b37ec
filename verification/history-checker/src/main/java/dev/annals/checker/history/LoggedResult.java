package dev.annals.checker.history;

import dev.annals.engine.avro.RecordBinding;
import dev.annals.engine.deciding.CommandResult;
import dev.annals.engine.kafka.HeaderName;
import org.apache.avro.generic.IndexedRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * A record of a results topic.
 *
 * @param trace of the call whose command record it answers; null where the record had none
 */
public record LoggedResult(CommandResult result, @Nullable String trace, int partition, long offset) {

    private static final RecordBinding<CommandResult> BINDING = CommandResult.binding();

    /** @param values reads what the registry knows */
    public static LoggedResult of(ConsumerRecord<byte[], byte[]> record, Deserializer<Object> values) {
        var avro = (IndexedRecord) values.deserialize(record.topic(), record.headers(), record.value());
        return new LoggedResult(
                BINDING.fromAvro(avro),
                HeaderName.TRACE_PARENT.in(record.headers()),
                record.partition(),
                record.offset());
    }

    /** With the trace that a command of a process has, see {@link Call#trace}. */
    public LoggedResult traced(String place) {
        return new LoggedResult(result, place, partition, offset);
    }

    public AggregateRef aggregate() {
        return new AggregateRef(result.aggregateType(), result.aggregateId());
    }

    /** Where it stands, for messages. */
    public String place() {
        return "%s.results-%d@%d".formatted(result.aggregateType(), partition, offset);
    }
}
