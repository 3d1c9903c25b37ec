package dev.annals.operations;

/**
 * Listener to the progress of an operation, called on the thread that works: of an import one of its own, else the
 * caller's. What it throws ends the operation, which goes on from there when it is run again.
 */
@FunctionalInterface
public interface ProgressListener {

    /** There is no knowing how much it is. */
    long UNKNOWN = -1;

    /**
     * How far a task is.
     *
     * @param task the type, the view or the import that is worked on; a new one means that the one before is done
     * @param total may change meanwhile
     */
    void progress(String task, long done, long total);
}
