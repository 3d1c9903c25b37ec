package dev.annals.engine.viewregistry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.kafka.RecordPlace;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/**
 * A generation of a view, and what is to be done with it.
 *
 * @param code what folds it
 * @param status what it is for
 * @param from where it began to read; empty for the first event. Begun in the middle, its rows hold only what came
 *     after
 * @param since the last change of its status
 */
public record Generation(ViewId view, ViewCode code, Status status, Map<TopicPartition, Long> from, Instant since)
        implements RegistryEntry {

    /**
     * Of a generation, from its first event to the end of its topic. As in a blue/green deployment, the next one is
     * built beside the live one and takes its place when it is nowhere behind; {@link Generations} has the transitions.
     *
     * <pre>
     * BUILDING ⇄ TAKING_OVER ─▶ LIVE ─▶ REPLACED ─▶ REMOVED ─▶ GONE
     *     └──────────┴────────── cancelled ────────────▲
     * </pre>
     */
    public enum Status {
        /** Folded from old events while readers have the live one, or none yet. */
        BUILDING,
        /** It has caught up; the live one is folded no further, so that what replaces it is nowhere behind it. */
        TAKING_OVER,
        /** What readers get. */
        LIVE,
        /** Was live; kept as it was then. */
        REPLACED,
        /** Cancelled or dropped: topics and group are to be deleted. */
        REMOVED,
        /** Nothing is left but its number, which is not used again. */
        GONE;

        /** Whether it is to be folded, where nothing else stands in the way. */
        public boolean isFolded() {
            return this == BUILDING || this == TAKING_OVER || this == LIVE;
        }

        /** Whether it is on its way to readers. */
        public boolean isComing() {
            return this == BUILDING || this == TAKING_OVER;
        }
    }

    static final String KIND = "generation";

    private static final String CODE = "code";
    private static final String STATUS = "status";
    private static final String FROM = "from";
    private static final String SINCE = "since";

    public Generation {
        from = Map.copyOf(from);
    }

    static Generation of(JsonNode json) {
        return new Generation(
                EntryJson.view(json),
                ViewCode.of(json.path(CODE)),
                Status.valueOf(
                        EntryJson.text(json, STATUS).toUpperCase(Locale.ROOT).replace('-', '_')),
                from(json.path(FROM)),
                Instant.parse(EntryJson.text(json, SINCE)));
    }

    private static Map<TopicPartition, Long> from(JsonNode json) {
        Map<TopicPartition, Long> from = new HashMap<>();
        json.properties().forEach(each -> {
            RecordPlace place = RecordPlace.parse(
                    "%s@%d".formatted(each.getKey(), each.getValue().longValue()));
            from.put(new TopicPartition(place.topic(), place.partition()), place.offset());
        });
        return from;
    }

    /** Whether it began in the middle, so that of an aggregate any event may come first. */
    public boolean isPartial() {
        return !from.isEmpty();
    }

    public Generation now(Status next, Instant time) {
        return new Generation(view, code, next, from, time);
    }

    /** The status as it is written and shown, such as {@code taking-over}. */
    public String statusName() {
        return status.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String key() {
        return "%s/%s".formatted(KIND, view);
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = EntryJson.of(view);
        json.set(CODE, code.json());
        json.put(STATUS, statusName()).put(SINCE, since.toString());
        if (isPartial()) {
            ObjectNode offsets = json.putObject(FROM);
            from.forEach((partition, offset) -> offsets.put(partition.toString(), offset));
        }
        return json;
    }
}
