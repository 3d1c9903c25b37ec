package dev.annals.serde.internal;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps answers that can't change. When it is full, a new entry displaces an arbitrary one: with a sensible capacity
 * that happens only if a caller makes schemas up, and then only the bound matters.
 *
 * <p>Safe for use by many threads. Loading isn't exclusive, since a slow registry must not block other keys.
 */
public final class BoundedCache<K, V> {

    private final int capacity;
    private final ConcurrentMap<K, V> entries = new ConcurrentHashMap<>();

    public BoundedCache(int capacity) {
        this.capacity = capacity;
    }

    public V get(K key, Function<? super K, ? extends V> load) {
        V known = entries.get(key);
        if (known != null) {
            return known;
        }
        V loaded = load.apply(key);
        put(key, loaded);
        return loaded;
    }

    public @Nullable V peek(K key) {
        return entries.get(key);
    }

    public void put(K key, V value) {
        if (entries.size() >= capacity) {
            entries.keySet().stream().findAny().ifPresent(entries::remove);
        }
        entries.put(key, value);
    }

    public void remove(K key) {
        entries.remove(key);
    }

    public void removeIf(Predicate<? super K> gone) {
        entries.keySet().removeIf(gone);
    }

    public int size() {
        return entries.size();
    }
}
