package dev.annals.engine.projecting;

import dev.annals.engine.kafka.RecordPlace;
import dev.annals.engine.viewregistry.Stop;
import dev.annals.engine.viewregistry.ViewId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A view can't go on, and trying again would not help: an event can't be read, one is missing, or the view's own code
 * threw. The message names the view, the event's place in its topic, and what is wrong.
 */
public final class ViewFailedException extends RuntimeException {

    /** Causes may go in a circle. */
    private static final int MAX_CAUSES = 50;

    private final transient Stop stop;

    ViewFailedException(
            ViewId view, RecordPlace place, @Nullable String key, String reason, @Nullable Throwable cause) {
        super("view %s stopped at %s, key %s: %s".formatted(view.name(), place, quoted(key), reason), cause);
        this.stop = new Stop(view, place, key, reason, Instant.EPOCH);
    }

    private static String quoted(@Nullable String key) {
        return key == null ? "none" : "'" + key + "'";
    }

    public Stop stop(Instant since) {
        return stop.since(since);
    }

    /** The failure of a view among the causes of a failure, null for none. */
    public static @Nullable ViewFailedException in(@Nullable Throwable failure) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < MAX_CAUSES; depth++) {
            if (each instanceof ViewFailedException failed) {
                return failed;
            }
            each = each.getCause();
        }
        return null;
    }
}
