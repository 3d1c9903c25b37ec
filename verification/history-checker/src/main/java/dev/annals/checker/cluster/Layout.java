package dev.annals.checker.cluster;

import dev.annals.checker.cluster.Installation.Program;
import dev.annals.testsupport.kafka.Protection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What an {@link Installation} consists of. Its processes have names, by which they can be placed: {@code broker-1} and
 * on, {@code registry}, {@code command-service-0} and on, {@code command-service-spare}, {@code process-service-0},
 * {@code projector-0} and {@code query-service-0} and on.
 *
 * @param brokers 1 or 3
 * @param controllers 1 or as many as brokers: which of the brokers, from the first on, are controllers too
 * @param brokerSettings beside those that a cluster of so many brokers has anyway, and stronger
 * @param placements by name; all others run on the loopback
 * @param secured whether services and clients are on {@link Protection}; of one broker on the loopback
 */
public record Layout(
        int brokers,
        int controllers,
        int commandServices,
        int processServices,
        int projectors,
        int queryServices,
        Program commandProgram,
        Program processProgram,
        Map<String, String> brokerSettings,
        Map<String, Placement> placements,
        boolean secured) {

    public static final String BROKER = "broker-";
    public static final String REGISTRY = "registry";
    public static final String COMMAND_SERVICE = "command-service-";
    public static final String SPARE = COMMAND_SERVICE + "spare";
    public static final String PROCESS_SERVICE = "process-service-";
    public static final String PROJECTOR = "projector-";
    public static final String QUERY_SERVICE = "query-service-";

    public Layout {
        if (brokers < 1 || (controllers != 1 && controllers != brokers)) {
            throw new IllegalArgumentException(
                    "%d controllers of %d brokers: expected one or all".formatted(controllers, brokers));
        }
        if (secured && (brokers > 1 || !placements.isEmpty())) {
            throw new IllegalArgumentException("secured: expected one broker, and all processes on the loopback");
        }
        brokerSettings = Map.copyOf(brokerSettings);
        placements = Map.copyOf(placements);
    }

    /** One broker, and so many command services. */
    public static Layout of(int commandServices) {
        return new Layout(
                1,
                1,
                commandServices,
                0,
                0,
                0,
                new Program("dev.annals.command.CommandService", List.of(), Map.of()),
                new Program("dev.annals.process.ProcessService", List.of(), Map.of()),
                Map.of(),
                Map.of(),
                false);
    }

    public Layout withBrokers(int newBrokers, int newControllers) {
        return copy(newBrokers, newControllers, processServices, projectors, queryServices, brokerSettings, placements);
    }

    public Layout withProcessServices(int newCount) {
        return copy(brokers, controllers, newCount, projectors, queryServices, brokerSettings, placements);
    }

    public Layout withReaders(int newProjectors, int newQueryServices) {
        return copy(brokers, controllers, processServices, newProjectors, newQueryServices, brokerSettings, placements);
    }

    /** With another program for the command services, and the spare. */
    public Layout withCommandProgram(Program program) {
        return new Layout(
                brokers,
                controllers,
                commandServices,
                processServices,
                projectors,
                queryServices,
                program,
                processProgram,
                brokerSettings,
                placements,
                secured);
    }

    public Layout withProcessProgram(Program program) {
        return new Layout(
                brokers,
                controllers,
                commandServices,
                processServices,
                projectors,
                queryServices,
                commandProgram,
                program,
                brokerSettings,
                placements,
                secured);
    }

    /** With rights, passwords, tokens and TLS everywhere. */
    public Layout withProtection() {
        return new Layout(
                brokers,
                controllers,
                commandServices,
                processServices,
                projectors,
                queryServices,
                commandProgram,
                processProgram,
                brokerSettings,
                placements,
                true);
    }

    /** Of all brokers. */
    public Layout withBrokerSetting(String setting, String value) {
        Map<String, String> all = new HashMap<>(brokerSettings);
        all.put(setting, value);
        return copy(brokers, controllers, processServices, projectors, queryServices, all, placements);
    }

    /** Instead of where the process was before. */
    public Layout placing(String name, Placement placement) {
        Map<String, Placement> all = new HashMap<>(placements);
        all.put(name, placement);
        return copy(brokers, controllers, processServices, projectors, queryServices, brokerSettings, all);
    }

    public Placement placement(String name) {
        return placements.getOrDefault(name, Placement.LOOPBACK);
    }

    /** The names of all processes, the spare among them. */
    public List<String> names() {
        List<String> names = new ArrayList<>(List.of(REGISTRY, SPARE));
        IntStream.rangeClosed(1, brokers).forEach(number -> names.add(BROKER + number));
        addNames(names, COMMAND_SERVICE, commandServices);
        addNames(names, PROCESS_SERVICE, processServices);
        addNames(names, PROJECTOR, projectors);
        addNames(names, QUERY_SERVICE, queryServices);
        return names;
    }

    private static void addNames(List<String> names, String name, int count) {
        IntStream.range(0, count).forEach(number -> names.add(name + number));
    }

    /** For people. */
    public String describe() {
        return "brokers, controllers: %d, %d; services for commands, processes, views, queries: %d, %d, %d, %d"
                .formatted(brokers, controllers, commandServices, processServices, projectors, queryServices);
    }

    private Layout copy(
            int newBrokers,
            int newControllers,
            int newProcessServices,
            int newProjectors,
            int newQueryServices,
            Map<String, String> newBrokerSettings,
            Map<String, Placement> newPlacements) {
        return new Layout(
                newBrokers,
                newControllers,
                commandServices,
                newProcessServices,
                newProjectors,
                newQueryServices,
                commandProgram,
                processProgram,
                newBrokerSettings,
                newPlacements,
                secured);
    }
}
