package dev.annals.checker.history;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A record of an events topic.
 *
 * @param key as it stands in the topic
 * @param headers the last of each name, as text
 * @param event the domain's record
 */
public record LoggedEvent(
        String type, String key, Map<String, String> headers, Object event, int partition, long offset) {

    public LoggedEvent {
        headers = Map.copyOf(headers);
    }

    /** The header, or null. */
    public @Nullable String header(String name) {
        return headers.get(name);
    }
}
