package dev.annals.cli;

import dev.annals.quickstart.Ports;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The ports; one that is not given stays as it was at the last start. */
final class PortOptions {
    @Option(names = "--broker-port", paramLabel = "PORT", description = "Kafka (default: 9092)")
    private @Nullable Integer broker;

    @Option(names = "--controller-port", paramLabel = "PORT", description = "Kafka's own controller (default: 9093)")
    private @Nullable Integer controller;

    @Option(names = "--registry-port", paramLabel = "PORT", description = "Schema registry (default: 8085)")
    private @Nullable Integer registry;

    @Option(names = "--commands-port", paramLabel = "PORT", description = "HTTP for commands (default: 8080)")
    private @Nullable Integer commands;

    @Option(names = "--queries-port", paramLabel = "PORT", description = "HTTP for queries (default: 8081)")
    private @Nullable Integer queries;

    @Option(names = "--projector-port", paramLabel = "PORT", description = "The projector's health (default: 8082)")
    private @Nullable Integer projector;

    Ports over(Ports recorded) {
        return new Ports(
                given(broker, recorded.broker()),
                given(controller, recorded.controller()),
                given(registry, recorded.registry()),
                given(commands, recorded.commands()),
                given(queries, recorded.queries()),
                given(projector, recorded.projector()));
    }

    private static int given(@Nullable Integer port, int recorded) {
        return port == null ? recorded : port;
    }
}
