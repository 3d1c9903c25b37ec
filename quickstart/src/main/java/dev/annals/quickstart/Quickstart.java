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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Starts and stops the broker, the schema registry and the services of one data folder.
 *
 * <p>All processes start side by side, since the services wait for the broker and the registry by themselves: on two cores
 * that is what makes a start short. Not thread-safe; the data folder is locked against other commands.
 */
public final class Quickstart {
    /** From the start of the first process until the last is ready. */
    public static final Duration START_LIMIT = Duration.ofMinutes(3);

    private static final Duration POLL = Duration.ofMillis(100);
    private static final List<String> SERVICE_OPTIONS = List.of("-Xms64m", "-Xmx512m", "-XX:+UseSerialGC");

    /** Options of the user for every process, after ours and so stronger. */
    private static final List<String> OWN_OPTIONS = Stream.of(
                    System.getenv().getOrDefault("ANNALS_JAVA_OPTIONS", "").split("\\s+", -1))
            .filter(option -> !option.isEmpty())
            .toList();

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

    /** The installation in the folder, with the ports of its last start, or the default ones. */
    public static Quickstart in(Path folder) {
        return in(folder, recordedPorts(folder));
    }

    public static Quickstart in(Path folder, Ports ports) {
        return new Quickstart(new DataFolder(folder), ports, Service.all(ports));
    }

    /** The jars of further domains in a data folder, which need not exist: what its services run beside those of the distribution. */
    public static List<Path> domainJars(Path folder) {
        return new DataFolder(folder).domainJars();
    }

    /** The ports of the last start in the folder, or the default ones. */
    public static Ports recordedPorts(Path folder) {
        DataFolder data = new DataFolder(folder);
        Properties recorded = data.read(data.config("ports"));
        return recorded.isEmpty() ? Ports.DEFAULT : Ports.from(recorded);
    }

    public Ports ports() {
        return ports;
    }

    /**
     * Starts what does not run, and waits until everything is ready. Harmless when everything runs.
     *
     * @throws QuickstartException when something is in the way; what was started goes on
     */
    public void up(Progress progress) {
        up(processes().toList(), progress);
    }

    /**
     * Likewise, but only the broker and the schema registry.
     *
     * @throws QuickstartException when something is in the way; what was started goes on
     */
    public void upKafka(Progress progress) {
        up(infrastructure, progress);
    }

    private void up(List<ManagedProcess> wanted, Progress progress) {
        data.prepare();
        try (FileChannel lock = data.lock()) {
            Objects.requireNonNull(lock);
            List<ManagedProcess> missing =
                    wanted.stream().filter(process -> !process.isRunning()).toList();
            requireRecordedPorts();
            missing.forEach(ManagedProcess::requireFreePorts);
            data.write(data.config("ports"), ports.toProperties());
            missing.forEach(ManagedProcess::start);
            awaitReady(wanted, progress);
        } catch (IOException e) {
            throw new QuickstartException("Can't unlock the data folder: " + e.getMessage(), e);
        }
    }

    /**
     * Stops what runs: first the services, which want to leave their groups and write their stores, then what they need.
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
            stop(services);
            stop(infrastructure);
            return running;
        } catch (IOException e) {
            throw new QuickstartException("Can't unlock the data folder: " + e.getMessage(), e);
        }
    }

    public List<ProcessStatus> status() {
        return processes().map(ManagedProcess::status).toList();
    }

    private static void stop(List<ManagedProcess> processes) {
        processes.forEach(ManagedProcess::requestStop);
        processes.forEach(ManagedProcess::awaitStop);
    }

    private Stream<ManagedProcess> processes() {
        return Stream.concat(infrastructure.stream(), services.stream());
    }

    /** Processes that run keep their ports, so the ones that are started now must find them there. */
    private void requireRecordedPorts() {
        boolean someRun = processes().anyMatch(ManagedProcess::isRunning);
        Ports recorded = recordedPorts(data.root());
        if (someRun && !recorded.equals(ports)) {
            throw new QuickstartException("Processes of " + data.root() + " run on other ports (" + recorded
                    + "): leave the port options out, or stop them first with annals down");
        }
    }

    private void awaitReady(List<ManagedProcess> wanted, Progress progress) {
        long start = System.nanoTime();
        List<ManagedProcess> waiting = new ArrayList<>(wanted);
        while (true) {
            Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
            waiting.removeIf(process -> becameReady(process, progress, elapsed));
            if (waiting.isEmpty()) {
                return;
            }
            if (elapsed.compareTo(START_LIMIT) > 0) {
                throw waiting.getFirst().failure("was not ready within " + START_LIMIT.toSeconds() + " s");
            }
            progress.waiting(waiting.stream().map(ManagedProcess::title).toList(), elapsed);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    private static boolean becameReady(ManagedProcess process, Progress progress, Duration elapsed) {
        if (!process.isRunning()) {
            throw process.failure("ended while it was starting");
        }
        boolean ready = process.isReady();
        if (ready) {
            progress.ready(process.title(), elapsed);
        }
        return ready;
    }

    private ManagedProcess broker() {
        return new ManagedProcess(
                "Kafka broker",
                "127.0.0.1:" + ports.broker(),
                List.of(ports.broker(), ports.controller()),
                new PidFile(data.pid("broker")),
                data.log("broker"),
                () -> fastStart(
                        "broker",
                        BrokerProcess.command(BrokerConfig.in(data.broker())
                                .withPort(ports.broker())
                                .withControllerPort(ports.controller())
                                .withLogFile(data.log("broker")))),
                () -> BrokerProcess.answers(ports.broker()));
    }

    private ManagedProcess registry() {
        String url = "http://127.0.0.1:" + ports.registry() + "/apis/ccompat/v7";
        return new ManagedProcess(
                "schema registry",
                url,
                List.of(ports.registry()),
                new PidFile(data.pid("registry")),
                data.log("registry"),
                () -> fastStart(
                        "registry",
                        RegistryProcess.command(RegistryConfig.in(data.registry())
                                .withPort(ports.registry())
                                .withLogFile(data.log("registry")))),
                () -> RegistryProcess.answers(url));
    }

    private ManagedProcess managed(Service service) {
        String address = "http://127.0.0.1:" + service.port();
        return new ManagedProcess(
                service.title(),
                address,
                List.of(service.port()),
                new PidFile(data.pid(service.name())),
                data.log(service.name()),
                () -> command(service),
                () -> HttpProbe.isOk(address + "/health/ready"));
    }

    private JvmCommand command(Service service) {
        Path config = data.config(service.name());
        data.write(config, settings(service));
        return fastStart(
                service.name(),
                new JvmCommand(
                        service.title(),
                        serviceClassPath(),
                        SERVICE_OPTIONS,
                        service.mainClass(),
                        List.of("--config", config.toString()),
                        data.log(service.name())));
    }

    private Properties settings(Service service) {
        Properties settings = new Properties();
        settings.setProperty("annals.http.port", Integer.toString(service.port()));
        settings.setProperty("annals.state.dir", data.state(service.name()).toString());
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
     * processor time until they were ready. The JVM writes the classes it has loaded to the archive when it ends orderly, and
     * maps them at the next start.
     */
    private JvmCommand fastStart(String process, JvmCommand command) {
        return command.withJvmOptions(List.of(
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+AutoCreateSharedArchive",
                        "-XX:SharedArchiveFile=" + data.archive(process, command.classPath()),
                        "-Xlog:disable")) // an archive that does not fit costs only time
                .withJvmOptions(OWN_OPTIONS);
    }
}
