package dev.annals.engine.viewregistry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.kafka.RecordPlace;
import java.time.Instant;

/**
 * A view passes over a record because a person said so. It holds for ever, for this record and this generation of the
 * view.
 *
 * @param reason the person's, at most {@link Stop#MAX_TEXT} characters
 * @param time when it was said
 */
public record Skip(ViewId view, RecordPlace place, String reason, Instant time) implements RegistryEntry {

    static final String KIND = "skip";

    private static final String REASON = "reason";
    private static final String TIME = "time";

    public Skip {
        reason = EntryJson.shortened(reason, Stop.MAX_TEXT);
    }

    static Skip of(JsonNode json) {
        return new Skip(
                EntryJson.view(json),
                EntryJson.place(json),
                EntryJson.text(json, REASON),
                Instant.parse(EntryJson.text(json, TIME)));
    }

    @Override
    public String key() {
        return "%s/%s/%s".formatted(KIND, view, place);
    }

    @Override
    public ObjectNode json() {
        ObjectNode details = EntryJson.of(place).put(REASON, reason).put(TIME, time.toString());
        return EntryJson.of(view).setAll(details);
    }
}
