package dev.annals.engine.notes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;

/**
 * A view passes over a record because a person said so. It holds for ever, for this record and this version of the view.
 *
 * @param reason the person's, at most {@link Stop#MAX_TEXT} characters
 * @param time when it was said
 */
public record Skip(ViewId view, RecordPlace place, String reason, Instant time) implements ViewNote {

    static final String KIND = "skip";

    private static final String REASON = "reason";
    private static final String TIME = "time";

    public Skip {
        reason = NoteJson.shortened(reason, Stop.MAX_TEXT);
    }

    static Skip of(JsonNode json) {
        return new Skip(
                NoteJson.view(json),
                NoteJson.place(json),
                NoteJson.text(json, REASON),
                Instant.parse(NoteJson.text(json, TIME)));
    }

    @Override
    public String noteKey() {
        return "%s/%s/%s".formatted(KIND, view, place);
    }

    @Override
    public ObjectNode json() {
        ObjectNode details = NoteJson.of(place).put(REASON, reason).put(TIME, time.toString());
        return NoteJson.of(view).setAll(details);
    }
}
