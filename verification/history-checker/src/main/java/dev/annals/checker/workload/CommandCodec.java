package dev.annals.checker.workload;

import dev.annals.checker.history.AggregateRef;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.avro.RecordBinding;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;

/** Takes the domains' commands to Avro. Thread-safe. */
final class CommandCodec {

    private final Map<String, AggregateBinding<?, ?, ?>> types;
    private final Map<Class<?>, RecordBinding<?>> bindings = new ConcurrentHashMap<>();

    CommandCodec(Collection<AggregateBinding<?, ?, ?>> types) {
        this.types = types.stream()
                .collect(Collectors.toMap(binding -> binding.type().name(), binding -> binding));
    }

    GenericRecord toAvro(AggregateRef aggregate, Object command) {
        return write(bindings.computeIfAbsent(command.getClass(), type -> bind(aggregate.type(), type)), command);
    }

    private RecordBinding<?> bind(String aggregateType, Class<?> command) {
        AggregateBinding<?, ?, ?> type = Objects.requireNonNull(types.get(aggregateType), aggregateType);
        return RecordBinding.of(
                command.asSubclass(Record.class),
                Objects.requireNonNull(type.commandSchema(command.getSimpleName()), command.getName()));
    }

    private static <T extends Record> GenericRecord write(RecordBinding<T> binding, Object command) {
        return binding.toAvro(binding.type().cast(command));
    }
}
