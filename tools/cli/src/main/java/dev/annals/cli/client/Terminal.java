package dev.annals.cli.client;

/** Whether a person looks on. */
public final class Terminal {
    private Terminal() {}

    /** Whether standard output is a terminal: the start script knows, Java 21 has no way to ask. */
    public static boolean isInteractive() {
        return Boolean.getBoolean("annals.terminal");
    }
}
