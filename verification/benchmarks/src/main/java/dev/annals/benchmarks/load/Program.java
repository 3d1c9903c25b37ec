package dev.annals.benchmarks.load;

/** What is measured: the loop written by hand, and what must not be much slower. */
enum Program {
    FLOOR("floor"),
    SERVICE("accounts");

    private final String type;

    Program(String type) {
        this.type = type;
    }

    /** The aggregate type, which names the topics. */
    String type() {
        return type;
    }

    String label() {
        return this == FLOOR ? "floor" : "service";
    }
}
