package dev.annals.quickstart;

import dev.annals.embedded.BrokerConfig;
import dev.annals.embedded.BrokerProcess;
import dev.annals.embedded.HttpProbe;
import dev.annals.embedded.JvmCommand;
import dev.annals.embedded.RegistryConfig;
import dev.annals.embedded.RegistryProcess;
import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts and stops the broker, the schema registry and the services of one data folder.
 *
 * <p>All processes start side by side, since the services wait for the broker and the registry by themselves: on two
 * cores that is what makes a start short. Not thread-safe; the data folder is locked against other commands.
 */
public final class Quickstart {
    /** From the start of the first process until the last is ready. */
    public static final Duration START_LIMIT = Duration.ofMinutes(3);

    /** Options of the user for every process, after ours and so stronger. */
    private static final List<String> OWN_OPTIONS = Stream.of(
                    System.getenv().getOrDefault("ANNALS_JAVA_OPTIONS", "").split("\\s+", -1))
            .filter(option -> !option.isEmpty())
            .toList();

    /**
     * What {@link #settings} sets, as the environment would: there it would win, and an address that somebody has
     * exported for the command line would send the services of this machine to another broker.
     */
    static final Set<String> OWN_SETTINGS_AS_VARIABLES = Set.of(
            "ANNALS_HTTP_PORT",
            "ANNALS_STATE_DIR",
            "ANNALS_KAFKA_BOOTSTRAP_SERVERS",
            "ANNALS_KAFKA_SCHEMA_REGISTRY_URL",
            "ANNALS_CONSOLE_COMMAND_URLS",
            "ANNALS_CONSOLE_QUERY_URLS",
            "ANNALS_CONSOLE_PROJECTOR_URLS",
            "ANNALS_CONSOLE_PROCESS_URLS");

    private final DataFolder data;
    private final Ports ports;
    private final List<ManagedProcess> infrastructure;
    private final List<ManagedProcess> services;

    Quickstart(DataFolder data, Ports ports, List<Service> services) {
        this.data = data;
        this.ports = ports;
        this.infrastructure = List.of(broker(), registry());
        this.services = services.stream().map(this::managed).toList();
    }

    /** The installation in the folder; none where no {@code up} has succeeded, or is under way. */
    public static Optional<Quickstart> existing(Path folder) {
        return recordedPorts(folder).map(ports -> in(folder, ports));
    }

    /** The installation that is in the folder, or is to be there. */
    public static Quickstart in(Path folder, Ports ports) {
        return new Quickstart(new DataFolder(folder), ports, Service.all(ports));
    }

    /**
     * The jars of further domains in a data folder, which need not exist: what its services run beside those of the
     * distribution.
     */
    public static List<Path> domainJars(Path folder) {
        return new DataFolder(folder).domainJars();
    }

    /** The ports of the last start in the folder. */
    static Optional<Ports> recordedPorts(Path folder) {
        DataFolder data = new DataFolder(folder);
        Properties recorded = data.read(data.ports());
        return recorded.isEmpty() ? Optional.empty() : Optional.of(Ports.from(recorded));
    }

    public Ports ports() {
        return ports;
    }

    /** Where a process answers; nothing while it does not run, since another program may have its port then. */
    public Optional<String> address(Part part) {
        return processes()
                .filter(process -> process.part() == part && process.isRunning())
                .map(ManagedProcess::address)
                .findFirst();
    }

    /**
     * Starts what does not run, and waits until everything is ready. Harmless when everything runs.
     *
     * @throws QuickstartException when something is in the way; what was started is ended, and the ports are forgotten
     */
    public void up(StartListener listener) {
        up(processes().toList(), listener);
    }

    /**
     * Likewise, but only the broker and the schema registry.
     *
     * @throws QuickstartException likewise
     */
    public void upKafka(StartListener listener) {
        up(infrastructure, listener);
    }

    private void up(List<ManagedProcess> wanted, StartListener listener) {
        data.prepare();
        try (FileChannel lock = data.lock()) {
            Objects.requireNonNull(lock);
            requireRecordedPorts();
            wanted.stream().filter(process -> !process.isRunning()).forEach(ManagedProcess::requireFreePorts);
            launch(new Launch(wanted, listener, START_LIMIT));
        } catch (IOException e) {
            throw new QuickstartException("Can't unlock the data folder: " + e.getMessage(), e);
        }
    }

    /** Ports are noted before the first process has one: whoever ends this JVM leaves processes that can be found. */
    private void launch(Launch launch) {
        Properties before = data.read(data.ports());
        data.write(data.ports(), ports.toProperties());
        try {
            launch.run();
        } catch (RuntimeException failure) {
            undo(launch, before, failure);
            throw failure;
        }
    }

    /** Ports are forgotten only when nothing listens on them any more. */
    private void undo(Launch launch, Properties before, RuntimeException failure) {
        try {
            stop(launch.started());
            data.restore(data.ports(), before);
        } catch (QuickstartException unstoppable) {
            failure.addSuppressed(unstoppable);
        }
    }

    /**
     * Stops what runs.
     *
     * @return how many processes were stopped
     */
    public int down() {
        if (!data.isPrepared()) {
            return 0;
        }
        try (FileChannel lock = data.lock()) {
            Objects.requireNonNull(lock);
            int running = (int) processes().filter(ManagedProcess::isRunning).count();
            stop(processes().toList());
            return running;
        } catch (IOException e) {
            throw new QuickstartException("Can't unlock the data folder: " + e.getMessage(), e);
        }
    }

    /** First the services, which want to leave their groups and write their stores, then what they need. */
    private void stop(List<ManagedProcess> some) {
        ManagedProcess.stop(services.stream().filter(some::contains).toList());
        ManagedProcess.stop(infrastructure.stream().filter(some::contains).toList());
    }

    /** How each process is; all are asked at once. */
    public List<ProcessStatus> status() {
        return processes().parallel().map(ManagedProcess::status).toList();
    }

    private Stream<ManagedProcess> processes() {
        return Stream.concat(infrastructure.stream(), services.stream());
    }

    /** Processes that run keep their ports, so the ones that are started now must find them there. */
    private void requireRecordedPorts() {
        boolean someRun = processes().anyMatch(ManagedProcess::isRunning);
        Ports recorded = recordedPorts(data.root()).orElse(Ports.DEFAULT);
        if (someRun && !recorded.equals(ports)) {
            throw new QuickstartException("Processes of " + data.root() + " run on other ports (" + recorded
                    + "): leave the port options out, or stop them first");
        }
    }

    private ManagedProcess broker() {
        return new ManagedProcess(
                Part.BROKER,
                "127.0.0.1:" + ports.broker(),
                List.of(ports.broker(), ports.controller()),
                new PidFile(data.pid(Part.BROKER)),
                data.log(Part.BROKER),
                () -> fastStart(BrokerProcess.command(BrokerConfig.in(data.broker())
                        .withPort(ports.broker())
                        .withControllerPort(ports.controller())
                        .withLogFile(data.log(Part.BROKER)))),
                limit -> BrokerProcess.answers(ports.broker(), limit));
    }

    private ManagedProcess registry() {
        String url = "http://127.0.0.1:" + ports.registry() + "/apis/ccompat/v7";
        return new ManagedProcess(
                Part.REGISTRY,
                url,
                List.of(ports.registry()),
                new PidFile(data.pid(Part.REGISTRY)),
                data.log(Part.REGISTRY),
                () -> fastStart(RegistryProcess.command(RegistryConfig.in(data.registry())
                        .withPort(ports.registry())
                        .withLogFile(data.log(Part.REGISTRY)))),
                limit -> RegistryProcess.answers(url, limit));
    }

    private ManagedProcess managed(Service service) {
        String address = "http://127.0.0.1:" + service.port();
        return new ManagedProcess(
                service.part(),
                address,
                List.of(service.port()),
                new PidFile(data.pid(service.part())),
                data.log(service.part()),
                () -> command(service),
                limit -> HttpProbe.isOk(address + "/health/ready", limit));
    }

    private JvmCommand command(Service service) {
        Path config = data.config(service.part());
        data.write(config, settings(service));
        return fastStart(new JvmCommand(
                service.part().title(),
                serviceClassPath(),
                service.jvmOptions(),
                service.mainClass(),
                List.of("--config", config.toString()),
                data.log(service.part())));
    }

    private Properties settings(Service service) {
        Properties settings = new Properties();
        settings.setProperty("annals.http.port", Integer.toString(service.port()));
        if (service.part() == Part.CONSOLE) {
            settings.setProperty("annals.console.command.urls", "http://127.0.0.1:" + ports.commands());
            settings.setProperty("annals.console.query.urls", "http://127.0.0.1:" + ports.queries());
            settings.setProperty("annals.console.projector.urls", "http://127.0.0.1:" + ports.projector());
            settings.setProperty("annals.console.process.urls", "http://127.0.0.1:" + ports.processes());
            return settings;
        }
        settings.setProperty("annals.state.dir", data.state(service.part()).toString());
        settings.setProperty("kafka.bootstrap.servers", "127.0.0.1:" + ports.broker());
        settings.setProperty("kafka.schema.registry.url", "http://127.0.0.1:" + ports.registry() + "/apis/ccompat/v7");
        return settings;
    }

    private String serviceClassPath() {
        return Stream.concat(
                        Stream.of(JvmCommand.ownClassPath()),
                        data.domainJars().stream().map(Path::toString))
                .collect(Collectors.joining(File.pathSeparator));
    }

    /**
     * The first compiler only: with the second one, five JVMs that start at once on two cores took 1.5 times as much
     * processor time until they were ready.
     */
    private JvmCommand fastStart(JvmCommand command) {
        String own = JvmCommand.ownClassPath();
        String shared = command.classPath().startsWith(own) ? own : command.classPath();
        return command.withClassArchive(data.classArchives(), shared)
                .withJvmOptions(List.of("-XX:TieredStopAtLevel=1"))
                .withJvmOptions(OWN_OPTIONS);
    }
}
