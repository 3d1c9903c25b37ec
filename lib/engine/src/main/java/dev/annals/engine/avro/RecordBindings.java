package dev.annals.engine.avro;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The bindings of several record classes, found by the full name that a record was written with: today's or an alias.
 */
final class RecordBindings {

    private final List<RecordBinding<?>> all;
    private final Map<String, RecordBinding<?>> byName = new HashMap<>();

    private RecordBindings(List<RecordBinding<?>> all) {
        this.all = List.copyOf(all);
        for (RecordBinding<?> binding : all) {
            Schema schema = binding.schema();
            Stream.concat(Stream.of(schema.getFullName()), schema.getAliases().stream())
                    .forEach(name -> put(name, binding));
        }
    }

    private void put(String name, RecordBinding<?> binding) {
        RecordBinding<?> other = byName.putIfAbsent(name, binding);
        if (other != null) {
            throw new BindingException("%s is a name or alias of both %s and %s: a record of this name could be either"
                    .formatted(name, other.type().getName(), binding.type().getName()));
        }
    }

    /**
     * Loads the schema of each class and binds it.
     *
     * @throws BindingException if one has no schema or does not fit it, or has times that would be cut, or two claim
     *     one name
     */
    static RecordBindings of(String namespace, Collection<? extends Class<?>> records) {
        List<RecordBinding<?>> all = new ArrayList<>();
        for (Class<?> type : records) {
            all.add(exact(RecordBinding.of(namespace + "." + type.getSimpleName(), type.asSubclass(Record.class))));
        }
        return new RecordBindings(all);
    }

    /** A fact is kept as it was decided; what cuts times is for rows. */
    private static RecordBinding<?> exact(RecordBinding<?> binding) {
        if (binding.cutsTimes()) {
            throw new BindingException(
                    "%s: times of commands and events are timestamp-micros; only rows have timestamp-millis, which cuts finer digits off"
                            .formatted(binding.schema().getFullName()));
        }
        return binding;
    }

    /** The records of a sealed interface, also of those that it permits. */
    static List<Class<?>> permitted(Class<?> type) {
        if (type.isRecord()) {
            return List.of(type);
        }
        if (!type.isSealed()) {
            throw new BindingException(type.getName() + ": expected a record or a sealed interface of records");
        }
        return Stream.of(type.getPermittedSubclasses())
                .flatMap(each -> permitted(each).stream())
                .toList();
    }

    RecordBindings and(RecordBindings others) {
        return new RecordBindings(
                Stream.concat(all.stream(), others.all.stream()).toList());
    }

    List<RecordBinding<?>> all() {
        return all;
    }

    List<Schema> schemas() {
        return all.stream().<Schema>map(RecordBinding::schema).toList();
    }

    /** Those that are written today, sorted: for messages. */
    List<String> names() {
        return all.stream().map(each -> each.schema().getFullName()).sorted().toList();
    }

    @Nullable
    RecordBinding<?> find(String fullName) {
        return byName.get(fullName);
    }
}
