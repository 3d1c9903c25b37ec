package dev.annals.engine.reacting;

import dev.annals.engine.kafka.AggregateIds;
import org.jspecify.annotations.Nullable;

/**
 * The id of a command that a process sends: {@code <process>/<instance>/<number>}. By it a step that is decided twice
 * takes effect once, and a result finds the way to whom it answers.
 *
 * @param number counts the commands of the instance, from 1
 */
public record ProcessCommandId(String process, String instance, long number) {

    /** A command id has at most 128 characters; a number takes up to 19 of them, the separators two. */
    private static final int MAX_NAMES_LENGTH = 107;

    private static final char SEPARATOR = '/';

    /** Whether an instance can have this id. */
    public static boolean isValid(String process, String instance) {
        return AggregateIds.isValid(instance) && process.length() + instance.length() <= MAX_NAMES_LENGTH;
    }

    /** For error messages: what {@link #isValid} demands. */
    public static String rule(String process) {
        return "1 to %d characters of A-Z a-z 0-9 . _ : ~ -".formatted(MAX_NAMES_LENGTH - process.length());
    }

    /** The id that a text stands for if it is one of this process; else null. */
    public static @Nullable ProcessCommandId parse(String process, @Nullable String commandId) {
        if (commandId == null || !commandId.startsWith(process + SEPARATOR)) {
            return null;
        }
        int last = commandId.lastIndexOf(SEPARATOR);
        String instance = commandId.substring(process.length() + 1, Math.max(process.length() + 1, last));
        try {
            long number = Long.parseLong(commandId, last + 1, commandId.length(), 10);
            return isValid(process, instance) ? new ProcessCommandId(process, instance, number) : null;
        } catch (NumberFormatException e) {
            return null; // somebody else's id that begins like ours
        }
    }

    @Override
    public String toString() {
        return process + SEPARATOR + instance + SEPARATOR + number;
    }
}
