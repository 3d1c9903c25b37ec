package dev.annals.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.annals.api.Domain;
import dev.annals.e2e.Installation.Ran;
import dev.annals.e2e.Installation.Running;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * The template {@code templates/library}, copied to a folder as a newcomer has it, and built like Maven would: sources
 * against the API alone, tests with the test kit, in a JVM of their own whose working directory is the project.
 */
record LibraryProject(Path folder) {

    static final String TEST = "org.example.library.LibraryTest";

    private static final String MAIN = "src/main/java";
    private static final int MAX_STACK_LINES = 20;
    private static final String RESOURCES = "src/main/resources";

    static LibraryProject copy(Path folder) throws IOException, URISyntaxException {
        Path template = Path.of(Objects.requireNonNull(LibraryProject.class.getResource("/templates/library"))
                .toURI());
        for (Path file : files(template)) {
            Path copy = folder.resolve(template.relativize(file).toString());
            Files.createDirectories(copy.getParent());
            Files.copy(file, copy);
        }
        return new LibraryProject(folder);
    }

    /** All files below a folder of the project, sorted. */
    List<Path> files() throws IOException {
        return files(folder);
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    void compile() throws IOException, URISyntaxException {
        String api = origin(Domain.class) + File.pathSeparator + origin(Nullable.class);
        compile(MAIN, api, "target/classes");
        compile("src/test/java", classPath(), "target/test-classes");
    }

    private void compile(String sources, String classPath, String classes) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "-Xlint:all,-processing,-classfile,-path",
                "-Werror",
                "-proc:none",
                "-cp",
                classPath,
                "-d",
                folder.resolve(classes).toString()));
        files(folder.resolve(sources)).forEach(file -> arguments.add(file.toString()));
        int failed = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(failed).as("javac's exit code for " + sources).isZero();
    }

    /** Runs the project's test. */
    Ran test(String... properties) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        command.addAll(List.of(properties));
        command.addAll(List.of("-cp", classPath(), LibraryProject.class.getName(), TEST));
        return Running.of(new ProcessBuilder(command).directory(folder.toFile()), folder)
                .await();
    }

    private String classPath() {
        return String.join(
                File.pathSeparator,
                "%s/target/test-classes".formatted(folder),
                "%s/src/test/resources".formatted(folder),
                "%s/target/classes".formatted(folder),
                folder.resolve(RESOURCES).toString(),
                System.getProperty("java.class.path"));
    }

    /** Runs the tests of a class; the exit code is 0 if all of them succeed. */
    public static void main(String... arguments) {
        SummaryGeneratingListener results = new SummaryGeneratingListener();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(DiscoverySelectors.selectClass(arguments[0]))
                                .build(),
                        results);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        results.getSummary().printFailuresTo(out, MAX_STACK_LINES);
        results.getSummary().printTo(out);
        boolean succeeded = results.getSummary().getTotalFailureCount() == 0
                && results.getSummary().getTestsSucceededCount() > 0;
        System.exit(succeeded ? 0 : 1);
    }

    /** The jar of the domain, as {@code mvn package} makes it. */
    void jar(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file))) {
            for (String part : List.of("target/classes", RESOURCES)) {
                Path root = folder.resolve(part);
                for (Path each : files(root)) {
                    jar.putNextEntry(new JarEntry(root.relativize(each).toString()));
                    jar.write(Files.readAllBytes(each));
                    jar.closeEntry();
                }
            }
        }
    }

    private static Path origin(Class<?> type) throws URISyntaxException {
        return Path.of(Objects.requireNonNull(type.getProtectionDomain().getCodeSource())
                .getLocation()
                .toURI());
    }
}
