package dev.annals.operations.replay;

import dev.annals.engine.viewregistry.Stop;
import dev.annals.operations.ProgressListener;
import java.time.Duration;

/** Listener to a replay that is watched. Progress is in events; the task is the view with its generation. */
public interface ReplayWatcher extends ProgressListener {

    /** So long without any progress is told. */
    Duration IDLE = Duration.ofSeconds(20);

    /** The generation has stopped at a record, and tries it again by itself; once for each record. */
    void stopped(Stop stop);

    /** Nothing has moved for {@link #IDLE}; once. */
    void idle();
}
