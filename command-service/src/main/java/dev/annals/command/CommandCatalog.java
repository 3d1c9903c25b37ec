package dev.annals.command;

import dev.annals.api.AggregateType;
import dev.annals.engine.avro.AggregateBinding;
import dev.annals.engine.json.JsonToAvro;
import dev.annals.service.http.ProblemException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;

/** Which commands there are, and how their JSON is read. Immutable and thread-safe. */
final class CommandCatalog {

    private final Map<String, Entry> types = new TreeMap<>();

    private record Entry(AggregateType<?, ?, ?> type, Map<String, JsonToAvro> readers) {}

    CommandCatalog(Collection<AggregateBinding<?, ?, ?>> bindings) {
        for (AggregateBinding<?, ?, ?> binding : bindings) {
            Map<String, JsonToAvro> readers = new TreeMap<>();
            for (Schema schema : binding.commandSchemas()) {
                readers.put(schema.getName(), JsonToAvro.of(schema));
            }
            types.put(binding.type().name(), new Entry(binding.type(), readers));
        }
    }

    /** @throws dev.annals.service.http.ProblemException 404 if there is no such aggregate type */
    AggregateType<?, ?, ?> type(String name) {
        return entry(name).type;
    }

    /** @throws dev.annals.service.http.ProblemException 404 if the type has no such command */
    JsonToAvro reader(AggregateType<?, ?, ?> type, String command) {
        Map<String, JsonToAvro> readers = entry(type.name()).readers;
        JsonToAvro reader = readers.get(command);
        if (reader == null) {
            throw ProblemException.of(
                    404,
                    "no-such-command",
                    "%s has no command %s; it has %s".formatted(type.name(), command, readers.keySet()));
        }
        return reader;
    }

    private Entry entry(String name) {
        Entry entry = types.get(name);
        if (entry == null) {
            throw ProblemException.of(
                    404,
                    "no-such-type",
                    "there is no aggregate type '%s'; there are %s. Another comes with the jar of its domain, for `annals up` in the folder `domains` of the data"
                            .formatted(name, types.keySet()));
        }
        return entry;
    }

    List<AggregateType<?, ?, ?>> types() {
        return types.values().stream().<AggregateType<?, ?, ?>>map(Entry::type).toList();
    }

    /** The schemas of a type's commands, by name. */
    List<Schema> schemas(AggregateType<?, ?, ?> type) {
        return entry(type.name()).readers.values().stream()
                .map(JsonToAvro::schema)
                .toList();
    }
}
