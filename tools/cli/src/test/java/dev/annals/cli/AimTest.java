package dev.annals.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.quickstart.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

/** No command reaches an installation that it was not pointed at: another one listens here, and nobody comes. */
class AimTest {

    /** It makes an installation, and reaches none but its own. */
    private static final String MAKER = "up";

    /** They list what there would be. */
    private static final Set<String> ASK_NOBODY = Set.of("topics", "acls");

    private static final Map<String, String> VALUES = Map.ofEntries(
            Map.entry("TYPE", "orders"),
            Map.entry("ID", "1"),
            Map.entry("COMMAND", "PayOrder"),
            Map.entry("VIEW", "orders"),
            Map.entry("NAME", "orders"),
            Map.entry("PROCESS", "transfers"),
            Map.entry("KEY", "1"),
            Map.entry("DIR", "backup"),
            Map.entry("FILE", "file.csv"),
            Map.entry("EVENT", "accounts/ada/3"),
            Map.entry("TOPIC-PARTITION@OFFSET", "orders.events-2@17"),
            Map.entry("PARTITION@OFFSET", "2@17"),
            Map.entry("TEXT", "for a reason"));

    /** What makes a command do something else, and more harm. */
    private static final Map<String, List<String>> HARMFUL = Map.of(
            "erase", List.of("--yes"), "skip", List.of("--force"), "dead-letters", List.of("--send-again", "2:17"));

    @TempDir
    Path folder;

    private final List<ServerSocket> others = new ArrayList<>();
    private final StringWriter err = new StringWriter();

    @AfterEach
    void close() throws IOException {
        for (ServerSocket other : others) {
            other.close();
        }
    }

    static Stream<List<String>> commands() {
        return leaves(AnnalsMain.commandLine())
                .map(AimTest::minimal)
                .filter(command -> !command.getFirst().equals(MAKER))
                .filter(command -> !ASK_NOBODY.contains(command.getFirst()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void where_there_is_no_installation_it_refuses_and_says_how_to_name_one(List<String> command) throws IOException {
        listenOnDefaultPorts();

        assertThat(run(command)).isNotZero();

        assertThat(err.toString())
                .startsWith("annals: there is no installation in " + folder)
                .contains("--data FOLDER")
                .hasLineCount(1);
        assertThatNobodyCame();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void where_the_installation_is_stopped_nothing_reaches_who_has_its_ports_now(List<String> command)
            throws IOException {
        record(new Ports(listen(), listen(), listen(), listen(), listen(), listen(), listen(), listen()));

        int exitCode = run(command);

        if (!List.of("down", "status").contains(command.getFirst())) {
            assertThat(exitCode).isNotZero();
            assertThat(err.toString())
                    .contains(" of the installation in " + folder + " does not run: start it with: annals up --data ")
                    .hasLineCount(1);
        }
        assertThatNobodyCame();
    }

    private int run(List<String> command) throws IOException {
        List<String> arguments = new ArrayList<>(command);
        arguments.replaceAll(each -> each.equals("file.csv") ? aFile().toString() : each);
        arguments.addAll(List.of("--data", folder.toString()));
        return AnnalsMain.commandLine()
                .setOut(new PrintWriter(new StringWriter()))
                .setErr(new PrintWriter(err, true))
                .execute(arguments.toArray(String[]::new));
    }

    private Path aFile() {
        try {
            return Files.writeString(folder.resolve("file.csv"), "");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** As `up` leaves them. */
    private void record(Ports ports) throws IOException {
        Path config = Files.createDirectories(folder.resolve("config")).resolve("ports.properties");
        Files.writeString(config, """
                broker=%d
                controller=%d
                registry=%d
                commands=%d
                queries=%d
                projector=%d
                processes=%d
                """.formatted(
                        ports.broker(),
                        ports.controller(),
                        ports.registry(),
                        ports.commands(),
                        ports.queries(),
                        ports.projector(),
                        ports.processes()));
    }

    private int listen() throws IOException {
        ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        others.add(other);
        return other.getLocalPort();
    }

    /** Those of them that are free: where one is not, who has it can't be asked. */
    private void listenOnDefaultPorts() {
        Ports ports = Ports.DEFAULT;
        for (int port :
                List.of(ports.broker(), ports.registry(), ports.commands(), ports.queries(), ports.processes())) {
            bound(port).ifPresent(others::add);
        }
    }

    private static Optional<ServerSocket> bound(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
            return Optional.of(socket);
        } catch (IOException taken) {
            return Optional.empty();
        }
    }

    /** The system takes connections into a socket's queue, so whoever came is in it. */
    private void assertThatNobodyCame() throws IOException {
        for (ServerSocket other : others) {
            other.setSoTimeout(1);
            boolean came;
            try {
                other.accept().close();
                came = true;
            } catch (SocketTimeoutException nobody) {
                came = false;
            }
            assertThat(came)
                    .as("somebody came to port %d", other.getLocalPort())
                    .isFalse();
        }
    }

    private static Stream<CommandLine> leaves(CommandLine command) {
        return command.getSubcommands().isEmpty()
                ? Stream.of(command)
                : command.getSubcommands().values().stream().flatMap(AimTest::leaves);
    }

    /** A command with all that it needs, and without an address. */
    private static List<String> minimal(CommandLine command) {
        List<String> line = new ArrayList<>(
                List.of(command.getCommandSpec().qualifiedName(" ").split(" ", -1)));
        line.removeFirst();
        command.getCommandSpec().positionalParameters().stream()
                .filter(ArgSpec::required)
                .forEach(each -> line.add(value(each)));
        command.getCommandSpec().options().stream()
                .filter(each -> each.required() && each.group() == null)
                .forEach(each -> line.addAll(List.of(each.longestName(), value(each))));
        line.addAll(HARMFUL.getOrDefault(line.getFirst(), List.of()));
        return line;
    }

    private static String value(ArgSpec argument) {
        return Objects.requireNonNull(
                VALUES.get(argument.paramLabel()), "give " + argument.paramLabel() + " a value in this test");
    }
}
