package dev.annals.engine.viewregistry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.kafka.RecordPlace;
import java.time.Instant;

/**
 * A command is passed over because a person said so: the command service neither reads nor decides it. It holds for
 * ever, for this record. It stands in the view registry, since that is the topic of an installation which keeps what
 * operators have said.
 *
 * @param actor who said it, as he says himself, at most {@link Stop#MAX_TEXT} characters
 * @param reason the person's, likewise
 * @param time when it was said
 */
public record CommandSkip(RecordPlace place, String actor, String reason, Instant time) implements RegistryEntry {

    static final String KIND = "command-skip";

    private static final String ACTOR = "actor";
    private static final String REASON = "reason";
    private static final String TIME = "time";

    public CommandSkip {
        actor = EntryJson.shortened(actor, Stop.MAX_TEXT);
        reason = EntryJson.shortened(reason, Stop.MAX_TEXT);
    }

    static CommandSkip of(JsonNode json) {
        return new CommandSkip(
                EntryJson.place(json),
                EntryJson.text(json, ACTOR),
                EntryJson.text(json, REASON),
                Instant.parse(EntryJson.text(json, TIME)));
    }

    @Override
    public String key() {
        return KIND + "/" + place;
    }

    @Override
    public ObjectNode json() {
        return EntryJson.of(place).put(ACTOR, actor).put(REASON, reason).put(TIME, time.toString());
    }
}
