package dev.annals.quickstart;

/** A service that can't start. */
final class Broken {
    private Broken() {}

    public static void main(String[] args) {
        throw new IllegalStateException("no such setting");
    }
}
