package dev.annals.operations.verify;

import java.util.Locale;

/**
 * Something about the streams of a type that must not be.
 *
 * @param key of the event, or the aggregate's id
 * @param text for people
 */
public record Finding(Kind kind, String key, String text) {

    /** What it is. */
    public enum Kind {
        /** Versions are not there, and no tombstone says that they were erased. */
        GAP,
        /** A version was written twice, with another content. */
        DOUBLED_VERSION,
        /** A command took effect twice. */
        DOUBLED_COMMAND,
        /** Others' events stand between those of a command. */
        SCATTERED_COMMAND,
        UNREADABLE;

        /** As it is shown, such as {@code doubled-version}. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
