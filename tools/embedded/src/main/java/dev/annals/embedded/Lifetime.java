package dev.annals.embedded;

/** How long a child JVM lives. */
public enum Lifetime {
    /** The child ends at once when this JVM ends, however this JVM ends (exit, signal or kill -9): for tests. */
    WITH_PARENT,
    /** The child is in a session of its own, outlives this JVM and ignores the terminal: for the quickstart. */
    DETACHED
}
