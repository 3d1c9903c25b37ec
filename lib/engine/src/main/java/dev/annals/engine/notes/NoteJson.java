package dev.annals.engine.notes;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;

/** Notes as JSON, and back. */
final class NoteJson {

    static final int ONLY_PARTITION = 0;

    private static final String VIEW = "view";
    /** The number of a generation, which once was the version of the view. */
    private static final String VERSION = "version";

    private static final String TOPIC = "topic";
    private static final String PARTITION = "partition";
    private static final String OFFSET = "offset";

    private static final ObjectMapper JSON = new ObjectMapper();

    private NoteJson() {}

    /** @throws IllegalArgumentException if it is no note, or not one of ours */
    static ViewNote read(String key, byte[] value) {
        try {
            JsonNode json = JSON.readTree(value);
            ViewNote note = switch (key.substring(0, Math.max(0, key.indexOf('/')))) {
                case Stop.KIND -> Stop.of(json);
                case Skip.KIND -> Skip.of(json);
                case Generation.KIND -> Generation.of(json);
                default -> throw new IllegalArgumentException("expected a key of a stop, a skip or a generation");
            };
            if (!note.noteKey().equals(key)) {
                throw new IllegalArgumentException("the value belongs to key '%s'".formatted(note.noteKey()));
            }
            return note;
        } catch (IOException | DateTimeException e) {
            throw new IllegalArgumentException("expected JSON of a note: " + e.getMessage(), e);
        }
    }

    static byte[] write(ObjectNode json) {
        try {
            return JSON.writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        }
    }

    static ObjectNode of(ViewId view) {
        return JsonNodeFactory.instance.objectNode().put(VIEW, view.name()).put(VERSION, view.generation());
    }

    static ViewId view(JsonNode json) {
        return new ViewId(text(json, VIEW), integer(json, VERSION));
    }

    static ObjectNode of(RecordPlace place) {
        return JsonNodeFactory.instance
                .objectNode()
                .put(TOPIC, place.topic())
                .put(PARTITION, place.partition())
                .put(OFFSET, place.offset());
    }

    static RecordPlace place(JsonNode json) {
        return new RecordPlace(text(json, TOPIC), integer(json, PARTITION), number(json, OFFSET));
    }

    static String text(JsonNode json, String field) {
        String text = json.path(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException("expected a text '%s'".formatted(field));
        }
        return text;
    }

    static long number(JsonNode json, String field) {
        JsonNode number = json.path(field);
        if (!number.isIntegralNumber() || !number.canConvertToLong()) {
            throw new IllegalArgumentException("expected a whole number '%s'".formatted(field));
        }
        return number.longValue();
    }

    static int integer(JsonNode json, String field) {
        long number = number(json, field);
        if (number != (int) number) {
            throw new IllegalArgumentException("expected a number '%s' of 32 bits".formatted(field));
        }
        return (int) number;
    }

    static String shortened(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most - 1) + "…";
    }
}
