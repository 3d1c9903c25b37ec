package dev.annals.quickstart;

import java.util.List;

/**
 * One of our own services.
 *
 * @param mainClass takes {@code --config FILE} and answers {@code GET /health/ready} with 200 when it is ready
 * @param port its HTTP port
 * @param jvmOptions its own
 */
record Service(Part part, String mainClass, int port, List<String> jvmOptions) {

    private static final List<String> USUAL = List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC");

    /** It keeps nothing but its own pages; an answer that it passes on has 8 MiB at most. */
    private static final List<String> SMALL = List.of("-Xms16m", "-Xmx128m", "-XX:+UseSerialGC");

    static List<Service> all(Ports ports) {
        return List.of(
                new Service(Part.COMMANDS, "dev.annals.command.CommandService", ports.commands(), USUAL),
                new Service(Part.PROJECTOR, "dev.annals.projector.ProjectorService", ports.projector(), USUAL),
                new Service(Part.PROCESSES, "dev.annals.process.ProcessService", ports.processes(), USUAL),
                new Service(Part.QUERIES, "dev.annals.query.QueryService", ports.queries(), USUAL),
                new Service(Part.CONSOLE, "dev.annals.console.ConsoleService", ports.console(), SMALL));
    }
}
