package dev.annals.engine.notes;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code annals.views} says, as far as it has been read; of each key the last note. Thread-safe. */
public final class ViewNotes {

    private static final Logger LOG = LoggerFactory.getLogger(ViewNotes.class);

    private record Passed(ViewId view, RecordPlace place) {}

    private final Map<String, ViewNote> all = new ConcurrentHashMap<>();
    private final Map<Passed, Skip> skips = new ConcurrentHashMap<>();
    private final Set<String> leftOut = ConcurrentHashMap.newKeySet();

    /**
     * Takes one record; what can't be read is left out, with a warning the first time, since it must not hurt any view.
     */
    void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            leftOut.remove(key);
            remove(key);
            return;
        }
        try {
            add(NoteJson.read(key, record.value()));
            leftOut.remove(key);
        } catch (IllegalArgumentException e) {
            if (leftOut.add(key)) {
                LOG.atWarn()
                        .addKeyValue("topic", record.topic())
                        .addKeyValue("offset", record.offset())
                        .addKeyValue("key", key)
                        .addKeyValue("reason", e.getMessage())
                        .log("a note about a view can't be read and is left out");
            }
        }
    }

    /** How many keys there are whose last note can't be read. */
    public int leftOut() {
        return leftOut.size();
    }

    /** Adds a note, in place of an earlier one of its key. */
    public void add(ViewNote note) {
        all.put(note.noteKey(), note);
        if (note instanceof Skip skip) {
            skips.put(new Passed(skip.view(), skip.place()), skip);
        }
    }

    private void remove(String key) {
        if (all.remove(key) instanceof Skip skip) {
            skips.remove(new Passed(skip.view(), skip.place()));
        }
    }

    /** All stops that are noted, also those that no longer hold. */
    public Collection<Stop> stops() {
        return all.values().stream()
                .filter(Stop.class::isInstance)
                .map(Stop.class::cast)
                .toList();
    }

    /** All generations that are noted, as they are now. */
    public Generations generations() {
        return new Generations(all.values().stream()
                .filter(Generation.class::isInstance)
                .map(Generation.class::cast)
                .toList());
    }

    /** Whether this very note, and no other of its key, is in the topic. */
    public boolean contains(ViewNote note) {
        return note.equals(all.get(note.noteKey()));
    }

    /** Why a view passes over a record, null if it doesn't. Cheap enough to be asked for every record. */
    public @Nullable Skip skip(ViewId view, RecordPlace place) {
        return skips.isEmpty() ? null : skips.get(new Passed(view, place));
    }
}
