package dev.annals.engine.viewregistry;

import dev.annals.engine.kafka.RecordPlace;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The view registry in memory, as far as the topic has been read: of each key the last entry. Thread-safe. */
public final class RegistryState {

    private static final Logger LOG = LoggerFactory.getLogger(RegistryState.class);

    private record Passed(ViewId view, RecordPlace place) {}

    private final Map<String, RegistryEntry> all = new ConcurrentHashMap<>();
    private final Map<Passed, Skip> skips = new ConcurrentHashMap<>();
    private final Set<String> unreadable = ConcurrentHashMap.newKeySet();

    /**
     * Takes one record; what can't be read is left out, with a warning the first time, since it must not hurt any view.
     */
    void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            unreadable.remove(key);
            remove(key);
            return;
        }
        try {
            add(EntryJson.read(key, record.value()));
            unreadable.remove(key);
        } catch (IllegalArgumentException e) {
            if (unreadable.add(key)) {
                LOG.atWarn()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("offset", record.offset())
                        .addKeyValue("key", key)
                        .addKeyValue("reason", e.getMessage())
                        .log("an entry of the view registry can't be read and is left out");
            }
        }
    }

    /** How many keys there are whose last entry can't be read. */
    public int unreadable() {
        return unreadable.size();
    }

    /** Puts an entry in the place of an earlier one of its key. */
    public void add(RegistryEntry entry) {
        all.put(entry.key(), entry);
        if (entry instanceof Skip skip) {
            skips.put(new Passed(skip.view(), skip.place()), skip);
        }
    }

    private void remove(String key) {
        if (all.remove(key) instanceof Skip skip) {
            skips.remove(new Passed(skip.view(), skip.place()));
        }
    }

    /** All stops, also those that no longer hold. */
    public List<Stop> stops() {
        return all(Stop.class);
    }

    /** The commands that are passed over, of all types. */
    public List<CommandSkip> commandSkips() {
        return all(CommandSkip.class);
    }

    public Generations generations() {
        return new Generations(all(Generation.class));
    }

    private <T extends RegistryEntry> List<T> all(Class<T> kind) {
        return all.values().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Whether this very entry, and no other of its key, is in the topic. */
    public boolean contains(RegistryEntry entry) {
        return entry.equals(all.get(entry.key()));
    }

    /** Why a view passes over a record, null if it doesn't. Cheap enough to be asked for every record. */
    public @Nullable Skip skip(ViewId view, RecordPlace place) {
        return skips.isEmpty() ? null : skips.get(new Passed(view, place));
    }
}
