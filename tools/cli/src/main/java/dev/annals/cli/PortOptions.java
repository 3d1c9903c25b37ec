package dev.annals.cli;

import dev.annals.quickstart.Ports;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The ports; one that is not given stays as it was at the last start. */
final class PortOptions {
    @Option(
            names = "--broker-port",
            order = Action.CONNECTION,
            paramLabel = "PORT",
            description = "Kafka (default: 9092)")
    private @Nullable Integer broker;

    @Option(
            names = "--controller-port",
            order = Action.CONNECTION,
            paramLabel = "PORT",
            description = "Kafka's own controller (default: 9093)")
    private @Nullable Integer controller;

    @Option(
            names = "--registry-port",
            order = Action.CONNECTION,
            paramLabel = "PORT",
            description = "Schema registry (default: 8085)")
    private @Nullable Integer registry;

    @Option(
            names = "--commands-port",
            order = Action.CONNECTION,
            paramLabel = "PORT",
            description = "HTTP for commands (default: 8080)")
    private @Nullable Integer commands;

    @Option(
            names = "--queries-port",
            order = Action.CONNECTION,
            paramLabel = "PORT",
            description = "HTTP for queries (default: 8081)")
    private @Nullable Integer queries;

    @Option(
            names = "--projector-port",
            order = Action.CONNECTION,
            paramLabel = "PORT",
            description = "The projector's health (default: 8082)")
    private @Nullable Integer projector;

    @Option(
            names = "--processes-port",
            order = Action.CONNECTION,
            paramLabel = "PORT",
            description = "HTTP of the process service (default: 8083)")
    private @Nullable Integer processes;

    @Option(
            names = "--console-port",
            order = Action.CONNECTION,
            paramLabel = "PORT",
            description = "The console's pages (default: 8084)")
    private @Nullable Integer console;

    Ports over(Ports recorded) {
        return new Ports(
                Objects.requireNonNullElse(broker, recorded.broker()),
                Objects.requireNonNullElse(controller, recorded.controller()),
                Objects.requireNonNullElse(registry, recorded.registry()),
                Objects.requireNonNullElse(commands, recorded.commands()),
                Objects.requireNonNullElse(queries, recorded.queries()),
                Objects.requireNonNullElse(projector, recorded.projector()),
                Objects.requireNonNullElse(processes, recorded.processes()),
                Objects.requireNonNullElse(console, recorded.console()));
    }
}
