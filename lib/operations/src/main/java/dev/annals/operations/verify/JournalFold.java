package dev.annals.operations.verify;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.annals.engine.folding.DomainBug;
import dev.annals.engine.json.AvroToJson;
import dev.annals.engine.kafka.EventKey;
import dev.annals.engine.reacting.InstanceSnapshot;
import dev.annals.engine.reacting.ProcessBinding;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Folds the journals of a process into its instances, as the query service answers for them. Keeps the entries of those
 * that have not ended, and the text of each. Mutable, for one thread.
 */
final class JournalFold {

    private static final JsonMapper JSON = new JsonMapper();

    private final ProcessBinding<?> process;
    private final JournalDecoder decoder;
    private final Map<String, TreeMap<Long, GenericRecord>> running = new TreeMap<>();
    private final Map<String, Folded> folded = new TreeMap<>();
    private final Map<String, String> failures = new TreeMap<>();
    private final Set<String> unreadable = new HashSet<>();

    /** Those of which entries are erased. */
    private final Set<String> erased = new HashSet<>();

    /** @param text canonical JSON */
    record Folded(long version, String text) {}

    JournalFold(ProcessBinding<?> process, JournalDecoder decoder) {
        this.process = process;
        this.decoder = decoder;
    }

    /** One more record; what is no entry is another's to find. */
    void take(ConsumerRecord<byte[], byte[]> record) {
        EventKey key;
        try {
            key = EventKey.parse(record.key());
        } catch (IllegalArgumentException e) {
            return;
        }
        String id = key.aggregateId();
        if (record.value() == null) {
            erased.add(id); // it can't be folded, and nobody serves it
            running.remove(id);
            folded.remove(id);
            failures.remove(id);
        }
        if (erased.contains(id) || folded.containsKey(id) || unreadable.contains(id)) {
            return; // written once more, behind the end
        }
        TreeMap<Long, GenericRecord> entries = running.computeIfAbsent(id, any -> new TreeMap<>());
        try {
            entries.put(key.version(), (GenericRecord) decoder.avro(record));
        } catch (SerializationException e) {
            unreadable.add(id); // found and told by who reads the streams
            running.remove(id);
            return;
        }
        if (InstanceSnapshot.Status.after(entries.lastEntry().getValue()) == InstanceSnapshot.Status.ENDED
                && entries.size() == entries.lastKey()) {
            fold(id, entries);
            running.remove(id);
        }
    }

    /** When all is read. */
    void end() {
        running.forEach(this::fold);
        running.clear();
    }

    private void fold(String id, SortedMap<Long, GenericRecord> entries) {
        if (entries.isEmpty()) {
            return;
        }
        if (entries.size() != entries.lastKey()) {
            failures.put(id, "entries are missing, and an instance can't be folded without them");
            return;
        }
        try {
            InstanceSnapshot instance = InstanceSnapshot.of(process, id, new ArrayList<>(entries.values()));
            folded.put(id, new Folded(instance.version(), CanonicalJson.of(json(id, instance))));
        } catch (RuntimeException | Error e) { // also what the process throws
            DomainBug.require(e);
            failures.put(id, e.toString());
        }
    }

    private static ObjectNode json(String id, InstanceSnapshot instance) {
        try (TokenBuffer json = new TokenBuffer(JSON, false)) {
            json.writeStartObject();
            json.writeStringField("id", id);
            json.writeNumberField("version", instance.version());
            instance.writeMore(json);
            json.writeFieldName("state");
            AvroToJson.write(instance.state(), json);
            json.writeEndObject();
            return JSON.readValue(json.asParser(), ObjectNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
    }

    /** By id. */
    Map<String, Folded> folded() {
        return folded;
    }

    /** Instances that can't be folded, with why. */
    List<TypeReport.Finding> failures() {
        return failures.entrySet().stream()
                .map(each -> new TypeReport.Finding(TypeReport.Finding.Kind.UNFOLDABLE, each.getKey(), each.getValue()))
                .toList();
    }
}
