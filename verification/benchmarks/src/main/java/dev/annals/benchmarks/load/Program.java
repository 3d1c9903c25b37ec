package dev.annals.benchmarks.load;

/** What is measured: the loop written by hand, and what must not be much slower. */
enum Program {
    FLOOR("floor"),
    SERVICE("accounts"),
    /** The command engine in the driver's JVM, on topics of its own. */
    ENGINE("accounts");

    private final String type;

    Program(String type) {
        this.type = type;
    }

    /** The aggregate type, which names the topics. */
    String type() {
        return type;
    }

    String label() {
        return switch (this) {
            case FLOOR -> "floor";
            case SERVICE -> "service";
            case ENGINE -> "engine";
        };
    }
}
