package dev.annals.cli;

/** Whether a person looks on. */
final class Terminal {
    private Terminal() {}

    /** Whether standard output is a terminal: the start script knows, Java 21 has no way to ask. */
    static boolean isInteractive() {
        return Boolean.getBoolean("annals.terminal");
    }
}
