package dev.annals.checker.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record of the journal of a process.
 *
 * @param key as it stands in the topic: instance and number
 * @param sent the ids of the commands that it says were sent
 * @param ended whether the instance has ended with it
 * @param failure why the instance was parked; null where it went on
 * @param entry all of it, for people
 */
public record LoggedStep(
        String process,
        String key,
        List<String> sent,
        boolean ended,
        @Nullable String failure,
        String entry) {

    public LoggedStep {
        sent = List.copyOf(sent);
    }
}
