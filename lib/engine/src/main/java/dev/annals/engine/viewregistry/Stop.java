package dev.annals.engine.viewregistry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.kafka.RecordPlace;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A view has stopped at a record. It holds until the view's consumer group has committed past the place, so nobody
 * needs to remove it; there is one of a view and partition.
 *
 * @param recordKey as text; null if the record has none
 * @param reason what was wrong, at most {@link #MAX_TEXT} characters
 * @param since the first failure at this place that is known
 */
public record Stop(ViewId view, RecordPlace place, @Nullable String recordKey, String reason, Instant since)
        implements RegistryEntry {

    /** Of a reason and of a key: enough for a person. */
    public static final int MAX_TEXT = 2_000;

    static final String KIND = "stop";

    private static final String KEY = "key";
    private static final String REASON = "reason";
    private static final String SINCE = "since";

    public Stop {
        recordKey = recordKey == null ? null : EntryJson.shortened(recordKey, MAX_TEXT);
        reason = EntryJson.shortened(reason, MAX_TEXT);
    }

    static Stop of(JsonNode json) {
        return new Stop(
                EntryJson.view(json),
                EntryJson.place(json),
                json.path(KEY).textValue(),
                EntryJson.text(json, REASON),
                Instant.parse(EntryJson.text(json, SINCE)));
    }

    @Override
    public String key() {
        return "%s/%s/%s-%d".formatted(KIND, view, place.topic(), place.partition());
    }

    @Override
    public ObjectNode json() {
        return EntryJson.of(view).setAll(details());
    }

    /** What an answer says of a view that is stopped. */
    public ObjectNode details() {
        return EntryJson.of(place).put(KEY, recordKey).put(REASON, reason).put(SINCE, since.toString());
    }

    /**
     * Whether the view has gone on.
     *
     * @param committed by its consumer group; as Kafka's {@code Admin} has it, where nothing was committed is null
     */
    public boolean isPast(Map<TopicPartition, @Nullable OffsetAndMetadata> committed) {
        OffsetAndMetadata next = committed.get(new TopicPartition(place.topic(), place.partition()));
        return next != null && next.offset() > place.offset();
    }

    /** This stop, first seen at another time. */
    public Stop since(Instant earlier) {
        return new Stop(view, place, recordKey, reason, earlier);
    }
}
