package dev.annals.quickstart;

import java.util.List;

/**
 * One of our own services.
 *
 * @param name in file names
 * @param title for people
 * @param mainClass takes {@code --config FILE} and answers {@code GET /health/ready} with 200 when it is ready
 * @param port its HTTP port
 */
record Service(String name, String title, String mainClass, int port) {

    static List<Service> all(Ports ports) {
        return List.of(
                new Service(
                        "command-service", "command service", "dev.annals.command.CommandService", ports.commands()),
                new Service(
                        "projector-service",
                        "projector service",
                        "dev.annals.projector.ProjectorService",
                        ports.projector()),
                new Service("query-service", "query service", "dev.annals.query.QueryService", ports.queries()));
    }
}
