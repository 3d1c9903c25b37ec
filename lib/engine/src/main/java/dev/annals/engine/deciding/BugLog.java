package dev.annals.engine.deciding;

import dev.annals.engine.kafka.HeaderName;
import dev.annals.engine.kafka.RecordPlace;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what a domain's code throws, with its stack, once for each place of the code: of a flood of commands that meet
 * the same bug the dead letters tell, and the log has it once. Thread-safe.
 */
public final class BugLog {

    /** What throws elsewhere, after so many, is not logged: the dead letters have its message. */
    static final int MAX_PLACES = 100;

    private static final Logger LOG = LoggerFactory.getLogger(BugLog.class);

    private final String type;
    private final Set<String> told = new HashSet<>();

    public BugLog(String type) {
        this.type = type;
    }

    /** Takes any failure; only what the domain's code threw is a bug. */
    void tell(Record<byte[], byte[]> command, @Nullable RecordPlace place, CommandFailedException failure) {
        Throwable bug = failure.getCause();
        if (bug == null || !failure.reason().equals(CommandFailedException.HANDLER_FAILED) || !isNew(bug)) {
            return;
        }
        LOG.atError()
                .addKeyValue("type", type)
                .addKeyValue("id", new String(command.key(), StandardCharsets.UTF_8))
                .addKeyValue("command", HeaderName.ID.in(command.headers()))
                .addKeyValue("place", place)
                .setCause(bug)
                .log("a bug in the domain: the command is in the dead letters, and repeats of this are not logged");
    }

    private synchronized boolean isNew(Throwable bug) {
        return told.size() < MAX_PLACES && told.add(placeOfCode(bug));
    }

    /** An exception that the JVM throws often at one place has no stack in the end. */
    private static String placeOfCode(Throwable bug) {
        StackTraceElement[] stack = bug.getStackTrace();
        return bug.getClass().getName() + (stack.length == 0 ? "" : " at " + stack[0]);
    }
}
