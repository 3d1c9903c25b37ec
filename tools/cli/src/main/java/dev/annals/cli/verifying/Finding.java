package dev.annals.cli.verifying;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * Something about the streams of a type that must not be.
 *
 * @param key of the event, or the aggregate's id
 * @param text for people
 */
public record Finding(Kind kind, String key, String text) {

    public enum Kind {
        /** Versions are not there, and no tombstone says that they were erased. */
        GAP,
        /** A version was written twice, with another content. */
        DOUBLED_VERSION,
        /** A command took effect twice. */
        DOUBLED_COMMAND,
        /** Others' events stand between those of a command. */
        SCATTERED_COMMAND,
        UNREADABLE
    }

    ObjectNode json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("kind", kind.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .put("key", key)
                .put("text", text);
    }
}
