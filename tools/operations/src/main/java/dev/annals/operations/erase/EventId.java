package dev.annals.operations.erase;

import dev.annals.engine.kafka.AggregateIds;
import dev.annals.engine.kafka.EventKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Id of an event as histories show it, for instance {@code accounts/ada/3}. */
public record EventId(String type, EventKey key) {

    private static final Pattern FORM = Pattern.compile("([^/]+)/([^/]+)/([1-9][0-9]{0,17})");

    /** @throws IllegalArgumentException if the text is none */
    public static EventId parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches() || !AggregateIds.isValid(parts.group(2))) {
            throw new IllegalArgumentException(
                    "'%s': expected the id of an event as its history shows it, such as accounts/ada/3"
                            .formatted(text));
        }
        return new EventId(parts.group(1), new EventKey(parts.group(2), Long.parseLong(parts.group(3))));
    }

    @Override
    public String toString() {
        return "%s/%s/%d".formatted(type, key.aggregateId(), key.version());
    }
}
