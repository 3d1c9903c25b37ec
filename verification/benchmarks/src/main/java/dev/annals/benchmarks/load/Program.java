package dev.annals.benchmarks.load;

import org.jspecify.annotations.Nullable;

/** What is measured: the loop written by hand, and what must not be much slower. */
enum Program {
    FLOOR("floor"),
    SERVICE("accounts"),
    /** The same with everything on, on topics of its own. */
    SECURED("accounts"),
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
            case SECURED -> "secured";
            case ENGINE -> "engine";
        };
    }

    /** The program to whose figures its figures are put in relation; null for none. */
    @Nullable
    Program comparedWith() {
        return switch (this) {
            case FLOOR -> null;
            case SERVICE, ENGINE -> FLOOR;
            case SECURED -> SERVICE;
        };
    }
}
