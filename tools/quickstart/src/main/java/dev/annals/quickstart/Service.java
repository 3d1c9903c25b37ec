package dev.annals.quickstart;

import java.util.List;

/**
 * One of our own services.
 *
 * @param mainClass takes {@code --config FILE} and answers {@code GET /health/ready} with 200 when it is ready
 * @param port its HTTP port
 */
record Service(Part part, String mainClass, int port) {

    static List<Service> all(Ports ports) {
        return List.of(
                new Service(Part.COMMANDS, "dev.annals.command.CommandService", ports.commands()),
                new Service(Part.PROJECTOR, "dev.annals.projector.ProjectorService", ports.projector()),
                new Service(Part.PROCESSES, "dev.annals.process.ProcessService", ports.processes()),
                new Service(Part.QUERIES, "dev.annals.query.QueryService", ports.queries()));
    }
}
