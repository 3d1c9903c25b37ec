package dev.annals.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * The help of all commands is one page, made of the code, from which the script answers without a build.
 *
 * <p>{@code -Dannals.page.record=true} writes the page.
 */
class CommandLinePageTest {

    private static final Path PROJECT = Path.of("..", "..");
    private static final Path PAGE = Path.of("docs", "reference", "command-line.md");
    private static final int LIMIT_SECONDS = 10;

    @TempDir
    Path checkout;

    static Stream<CommandLine> commands() {
        return withSubcommands(AnnalsMain.commandLine());
    }

    @Test
    void the_page_is_what_the_code_says() throws IOException {
        String page = commands().map(CommandLinePageTest::section).collect(Collectors.joining("\n", """
                        # Command line

                        The help of each command, as `./annals COMMAND --help` prints it. Made of the code: `CommandLinePageTest` fails where they differ,
                        and says how to write this page anew.

                        """, ""));
        if (Boolean.getBoolean("annals.page.record")) {
            Files.createDirectories(PROJECT.resolve(PAGE).getParent());
            Files.writeString(PROJECT.resolve(PAGE), page);
        }

        assertThat(PROJECT.resolve(PAGE))
                .as("run this test once with -Dannals.page.record=true")
                .hasContent(page);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_is_described_in_whole_sentences(CommandLine command) {
        assertThat(command.getCommandSpec().usageMessage().description())
                .as(command.getCommandSpec().qualifiedName())
                .isNotEmpty()
                .allSatisfy(paragraph -> assertThat(paragraph).matches("(?s)[A-Z].*[.?]"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"--help", "verify --help", "import online-retail -h", "skip orders --help", "no-such --help"})
    void the_script_helps_without_a_build_and_without_java(String arguments) throws Exception {
        CommandLine command = commands()
                .filter(each ->
                        ("annals " + arguments).startsWith(each.getCommandSpec().qualifiedName()))
                .reduce((outer, inner) -> inner)
                .orElseThrow();

        assertThat(script(arguments.split(" ", -1))).isEqualTo(usage(command));
    }

    /** In a checkout that was never built, of a machine with nothing but the system's own programs. */
    private String script(String... arguments) throws Exception {
        for (Path file : List.of(Path.of("annals"), Path.of("scripts", "java-home.sh"), PAGE)) {
            Files.createDirectories(checkout.resolve(file).getParent());
            Files.copy(PROJECT.resolve(file), checkout.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Path out = checkout.resolve("out.txt");
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of(checkout.resolve("annals").toString()), Stream.of(arguments))
                                .toList())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("JAVA") || name.startsWith("JDK"));
        builder.environment().put("PATH", "/usr/bin:/bin");
        Process process = builder.start();
        assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
        return Files.readString(out);
    }

    private static String section(CommandLine command) {
        return "## %s\n```text\n%s```\n".formatted(command.getCommandSpec().qualifiedName(), usage(command));
    }

    private static String usage(CommandLine command) {
        return command.getUsageMessage(Ansi.OFF);
    }

    private static Stream<CommandLine> withSubcommands(CommandLine command) {
        return Stream.concat(
                Stream.of(command),
                command.getSubcommands().values().stream().flatMap(CommandLinePageTest::withSubcommands));
    }
}
