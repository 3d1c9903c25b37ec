package dev.annals.engine.viewregistry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.annals.engine.kafka.RecordPlace;
import java.io.IOException;
import java.time.DateTimeException;

/** Registry entries as JSON, and back. */
final class EntryJson {

    static final int ONLY_PARTITION = 0;

    private static final String VIEW = "view";
    private static final String GENERATION = "generation";
    private static final String TOPIC = "topic";
    private static final String PARTITION = "partition";
    private static final String OFFSET = "offset";

    private static final ObjectMapper JSON = new ObjectMapper();

    private EntryJson() {}

    /** @throws IllegalArgumentException if it is no entry, or not one of ours */
    static RegistryEntry read(String key, byte[] value) {
        try {
            JsonNode json = JSON.readTree(value);
            RegistryEntry entry = switch (key.substring(0, Math.max(0, key.indexOf('/')))) {
                case Stop.KIND -> Stop.of(json);
                case Skip.KIND -> Skip.of(json);
                case Generation.KIND -> Generation.of(json);
                case CommandSkip.KIND -> CommandSkip.of(json);
                default ->
                    throw new IllegalArgumentException(
                            "expected a key of a stop, a skip, a generation or a command's skip");
            };
            if (!entry.key().equals(key)) {
                throw new IllegalArgumentException("the value belongs to key '%s'".formatted(entry.key()));
            }
            return entry;
        } catch (IOException | DateTimeException e) {
            throw new IllegalArgumentException("expected JSON of an entry: " + e.getMessage(), e);
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
        return JsonNodeFactory.instance.objectNode().put(VIEW, view.name()).put(GENERATION, view.generation());
    }

    static ViewId view(JsonNode json) {
        return new ViewId(text(json, VIEW), integer(json, GENERATION));
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
