package dev.annals.checker.fuzz;

import dev.annals.checker.cluster.Layout;

/** The four services, each with one instance. */
enum Target {
    COMMAND("Command service", Layout.COMMAND_SERVICE),
    QUERY("Query service", Layout.QUERY_SERVICE),
    PROJECTOR("Projector service", Layout.PROJECTOR),
    PROCESS("Process service", Layout.PROCESS_SERVICE);

    private final String heading;
    private final String process;

    Target(String heading, String layoutName) {
        this.heading = heading;
        this.process = layoutName + 0;
    }

    /** On the page of routes. */
    String heading() {
        return heading;
    }

    /** Of the process, in the layout. */
    String process() {
        return process;
    }
}
