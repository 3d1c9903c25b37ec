package dev.annals.service.views;

import dev.annals.engine.viewregistry.RegistryState;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.engine.viewregistry.ViewId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Which stops hold: those in the registry and those that this process saw, less those whose place the view's consumer
 * group has committed past. What a group has committed counts, and not what an instance has folded: another one may
 * have the partition by then. Thread-safe.
 */
final class OpenStops {

    private final RegistryState registry;
    private final Map<String, Stop> seen = new ConcurrentHashMap<>();
    private final Map<String, Long> past = new ConcurrentHashMap<>();
    private volatile Set<ViewId> views = Set.of();

    OpenStops(RegistryState registry) {
        this.registry = registry;
    }

    /**
     * Adds a stop that this process saw.
     *
     * @return the stop as it is to be written: at a place that is known already, since the first failure there
     */
    Stop add(Stop stop) {
        Stop known = open().get(stop.key());
        Stop added = known != null && known.place().equals(stop.place()) ? stop.since(known.since()) : stop;
        past.remove(stop.key());
        seen.put(stop.key(), added);
        refresh();
        return added;
    }

    /** The oldest that holds for a view, null if none does. */
    @Nullable
    Stop of(ViewId view) {
        return all().stream()
                .filter(stop -> stop.view().equals(view))
                .min(Comparator.comparing(Stop::since))
                .orElse(null);
    }

    /** The views that are stopped, as of the last {@link #refresh}; cheap enough to be asked for every record. */
    Set<ViewId> views() {
        return views;
    }

    /** Takes up what has come into the registry. */
    void refresh() {
        views = all().stream().map(Stop::view).collect(Collectors.toSet());
    }

    private Collection<Stop> all() {
        return open().values();
    }

    private Map<String, Stop> open() {
        Map<String, Stop> latest = new HashMap<>(seen);
        registry.stops().forEach(stop -> latest.merge(stop.key(), stop, OpenStops::later));
        latest.values().removeIf(this::isPast);
        return latest;
    }

    private static Stop later(Stop one, Stop other) {
        return one.place().offset() >= other.place().offset() ? one : other;
    }

    private boolean isPast(Stop stop) {
        return past.getOrDefault(stop.key(), -1L) >= stop.place().offset();
    }

    /** Takes what a view's group has committed. */
    void committed(ViewId view, Map<TopicPartition, @Nullable OffsetAndMetadata> offsets) {
        for (Stop stop : all()) {
            if (stop.view().equals(view) && stop.isPast(offsets)) {
                past.put(stop.key(), stop.place().offset());
                seen.remove(stop.key(), stop);
            }
        }
        refresh();
    }
}
