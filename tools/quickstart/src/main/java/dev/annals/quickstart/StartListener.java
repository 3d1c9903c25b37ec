package dev.annals.quickstart;

import java.time.Duration;
import java.util.List;

/** Listener to a start, called on the thread that starts. */
public interface StartListener {

    /** A process has become ready. */
    void ready(String title, Duration sinceStart);

    /** Is called several times a second with the processes that are not ready yet. */
    void waiting(List<String> titles, Duration sinceStart);
}
